"""Is now a good time to write to somebody, and when instead? Asked of one person, at any instant.

The person is brought up to date first. An instant of the past is asked of what they had done and been told by then;
how they want to be reached, and what guard rails say, is as of now.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl

from tactful.decide import Rules, forbidden, with_local_days, with_wall_clock
from tactful.facts.chain import Chain
from tactful.facts.quiet import quiet
from tactful.facts.rhythm import UNLEARNED, Rhythms
from tactful.kernel.settings import Settings
from tactful.predict import timing
from tactful.store.database import Connection, Database
from tactful.store.decided import moments
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure, keep_everybody
from tactful.store.learned import usual, versions
from tactful.store.reading import Reader, RowReader
from tactful.store.sensed import contacts
from tactful.uses.timing import CAPABILITY, MOMENT

NOBODY: dict[str, Any] = {
    "is_good_time": False, "reasoning": "Nothing is known of this person yet.", "alternative_time": None,
    "score": None, "probability": None, "confidence": 0.0, "contributions": {}, "reasons": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """What is asked. kind: of intervention, whose guard rails are asked too. zone: their clock, if not their usual."""

    at: datetime
    kind: str | None = None
    zone: str | None = None
    past: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """What serves their organisation. chain: None before any learning; hours: what is usual of them."""

    chain: Chain | None
    hours: Rhythms


def check(database: Database, rules: Rules, whom: tuple[str, str], asked: Check) -> dict[str, Any]:
    """Whether it is a good time to write to this (organisation, person), with reasons, and the next one if not."""
    return despite_erasure(partial(_check, database, rules, whom, asked))


def _check(database: Database, rules: Rules, whom: tuple[str, str], asked: Check, keep: bool) -> dict[str, Any]:
    with database.batch() as connection:
        if keep:
            keep_everybody(connection)
        mine = Scope(people=lookup.find_all(connection, [whom]))
        source = RowReader(connection)
        person = moments.read(source, mine, at=asked.at, defaults=rules.defaults)
        if person.is_empty():
            return NOBODY
        if asked.zone is not None:
            person = person.with_columns(zone=pl.lit(asked.zone))
        known = _known(connection, mine, asked)
        if known.is_empty():
            # Erased since.
            return NOBODY
        learned = serving(source, int(person["organisation_id"].item()), asked.at)
    person = with_local_days(with_wall_clock(person, asked.at))
    return _told(known, person, rules, asked, learned)


def serving(source: Reader, organisation: int, at: datetime) -> Learned:
    """What an organisation had learned of timing at `at`."""
    served = versions.serving(source, CAPABILITY, [organisation], at)
    hours = usual.serving(source, [organisation], at)
    return Learned(next((each.chain for each in served.values()), None), hours.get(organisation, UNLEARNED))


def _known(connection: Connection, mine: Scope, asked: Check) -> pl.DataFrame:
    source = RowReader(connection)
    if asked.past:
        # From here to the end of the transaction nothing is taken in yet; all up to then is taken in anew.
        stored.shadow(source)
    contacts.bring_up_to_date(connection, mine, at=asked.at)
    return MOMENT.ask(source, mine, at=asked.at, zone=asked.zone)


def good_now(
    known: pl.DataFrame, person: pl.DataFrame, at: datetime, settings: Settings, learned: Learned
) -> bool | None:
    """Whether `at` is a good time for one person; None where nothing is known. known: MOMENT as it was answered.

    person: the MOMENT of facts, by their own clock.
    """
    given = timing.given(known, learned.hours)
    cold = timing.cold(given, settings)
    adds = None if learned.chain is None else learned.chain.believe(timing.FACTORS, given, cold).contributions
    good: bool | None = timing.good_now(cold, person, at, adds=adds, settings=settings).item()
    return good


def _told(known: pl.DataFrame, person: pl.DataFrame, rules: Rules, asked: Check, learned: Learned) -> dict[str, Any]:
    settings = Settings(rules.values)
    given = timing.given(known, learned.hours)
    cold = timing.cold(given, settings)
    belief = (learned.chain or Chain()).believe(timing.FACTORS, given, cold)
    adds = None if learned.chain is None else belief.contributions
    against = [] if asked.kind is None else forbidden(person, asked.kind, asked.at, rules)
    good = bool(timing.good_now(cold, person, asked.at, adds=adds, settings=settings).item()) and not against
    row = given.row(0, named=True)
    return {
        "is_good_time": good,
        "reasoning": against[0] if against else _reasoning(person, good, row),
        "alternative_time": None if good else _instead(known, person, asked.at, settings, learned.hours),
        "score": cold["score"].item(),
        "probability": None if learned.chain is None else belief.probability.item(),
        "confidence": cold["confidence"].item(),
        "contributions": belief.contributions.row(0, named=True),
        "reasons": [*against, *timing.reasons(list(timing.FACTORS), row)],
    }


def _reasoning(person: pl.DataFrame, good: bool, row: dict[str, Any]) -> str:
    if person.select(quiet(pl.col("local_minute"))).item():
        return "These are their quiet hours."
    verdict = "Now is a good time." if good else "Another time is better."
    return " ".join([verdict, *timing.reasons(timing.PASSING, row)])


def _instead(
    known: pl.DataFrame, person: pl.DataFrame, at: datetime, settings: Settings, hours: Rhythms
) -> datetime | None:
    week = timing.week_chances(known.select("local_day", pl.col("rhythm_day").alias("day"), "hours"), hours)
    found: datetime | None = timing.next_good(week, person, at, settings=settings).item()
    return found
