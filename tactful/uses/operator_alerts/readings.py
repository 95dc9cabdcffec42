"""What is measured, of all organisations at once, and how it is told in a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt
from typing import Any

from tactful.store.database import Connection
from tactful.store.running import measures
from tactful.uses.operator_alerts.hysteresis import Reading

HIGH_RISK, RESPONSE, JOBS, ACCURACY = "high_risk_people", "response_rate", "failed_jobs", "model_accuracy"
# Days whose response rate is held to that of the days before; deliveries that each side needs.
LATELY, BEFORE, LEAST = 7, 28, 100
# It is looked at many times: a fall has to be so many standard errors (one-sided 99.9 %).
SURE = 3.09
# Jobs count that ran so long ago; a share is told of so many.
HOURS, LEAST_RUNS = 24, 20
# How long what was worked out in a night about beliefs holds.
FRESH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Measured:
    """One reading. about: of what, where a kind has several. sentence: what was found, for people."""

    organisation: int
    kind: str
    about: str
    reading: Reading
    sentence: str


def measured(connection: Connection, at: datetime) -> Iterator[Measured]:
    """Every reading of every organisation."""
    risky = measures.high_risk(connection)
    for row in risky:
        said = f"{row['people']:,} people are at high or critical risk of leaving."
        yield Measured(row["organisation_id"], HIGH_RISK, "", Reading(row["people"]), said)
    for row in measures.answers(connection, at=at, lately=LATELY, before=BEFORE):
        yield Measured(row["organisation_id"], RESPONSE, "", *_response(row))
    yield from _jobs(connection, [row["organisation_id"] for row in risky], at)
    for row in measures.accuracy(connection, since=at - FRESH):
        for capability, fall in row["body"].items():
            said = f"Accuracy of beliefs about {capability}: the AUC was {fall['before']:.3f} and is {fall['now']:.3f}."
            reading = Reading(fall["share"], fall["sure"])
            yield Measured(row["organisation_id"], ACCURACY, capability, reading, said)


def _jobs(connection: Connection, organisations: Sequence[int], at: datetime) -> Iterator[Measured]:
    """The same for every organisation: jobs are the engine's."""
    found = measures.runs(connection, since=at - timedelta(hours=HOURS), until=at)
    share = found["failed"] / found["runs"] if found["runs"] >= LEAST_RUNS else None
    said = f"{found['failed']:,} of {found['runs']:,} jobs failed in the last {HOURS} hours."
    for each in organisations:
        yield Measured(each, JOBS, "", Reading(share), said)


def _response(row: Mapping[str, Any]) -> tuple[Reading, str]:
    """How far the rate fell [share of what it was], and whether that is more than chance: two shares, pooled."""
    now, before = row["delivered_now"], row["delivered_before"]
    if min(now, before) < LEAST or not row["engaged_before"]:
        return Reading(None), ""
    rate, was = row["engaged_now"] / now, row["engaged_before"] / before
    pooled = (row["engaged_now"] + row["engaged_before"]) / (now + before)
    error = sqrt(pooled * (1 - pooled) * (1 / now + 1 / before))
    spans = f"in the last {LATELY} days was engaged with, {was:.1%} in the {BEFORE} before"
    said = f"{rate:.1%} of what was delivered {spans}."
    return Reading(1 - rate / was, sure=was - rate > SURE * error), said
