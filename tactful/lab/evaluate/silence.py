"""How well the risk ranked those who really stayed silent, on your own past.

Everybody seen before the instant is judged by what was known then; truth is silence through all
of the following days. Beside it stands what days since the last activity alone would have said.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter

import numpy as np
import polars as pl

from tactful import loop
from tactful.decide import Rules
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.boosting import Boosting
from tactful.learn.ranking import CALIBRATION, RANKING, Floats
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import silence as store
from tactful.store.decided.moments import Scope
from tactful.store.reading import reader

PART = "silence"
# Instants that are learned from, a week apart.
LESSONS = 8


def silence(database: Database, rules: Rules, *, at: datetime | None, days: int) -> list[Row]:
    """Rows for everybody seen up to `at` [UTC] against who stayed silent for `days` afterwards.

    raises: BadInput when the events do not reach to the end of those days.
    """
    if at is None:
        raise BadInput("Name an instant of the past with --at, for example 2026-01-31T18:00:00Z.", fields=["at"])
    if days < 1:
        raise BadInput("The days of silence must be at least one.", fields=["days"])
    until = at + timedelta(days=days)
    start = perf_counter()
    then = _then(database, rules, at)
    seen, seconds = then.seen, perf_counter() - start
    if seen.filter(pl.col("first_seen_at") <= at).is_empty():
        raise BadInput(f"Nobody was known yet at {at:%Y-%m-%d %H:%M} UTC; choose a later --at.", fields=["at"])
    with reader(database, few=False) as source:
        last = store.latest(source, after=at)
        if last is None or last < until:
            raise BadInput(
                f"Events end before {until:%Y-%m-%d %H:%M} UTC, so who stayed silent is not known yet; "
                "choose an earlier --at or fewer --days.",
                fields=["at", "days"],
            )
        returned = store.returned(source, after=at, until=until)
    learned = _learned(database, rules, then, days)
    return compare(seen, returned, at=at, days=days, seconds=seconds, learned=learned)


@dataclass(frozen=True, slots=True)
class Then:
    """Everybody first seen up to an instant: what was believed, and what learning is given of them, row by row."""

    at: datetime
    seen: pl.DataFrame
    given: pl.DataFrame

    def stayed_away(self, returned: pl.DataFrame) -> Floats:
        """1 for each who did not return, 0 for each who did."""
        return (~self.seen["person_id"].is_in(returned["person_id"].implode())).to_numpy().astype(np.float64)


def _then(database: Database, rules: Rules, at: datetime) -> Then:
    with reader(database, few=False) as source:
        people, facts = loop.gather(source, Scope(), at=at, rules=rules, past=True)
    scored = dropout.score(people, facts, settings=Settings(rules.values))
    rows = (people["first_seen_at"] <= at).fill_null(value=False)
    return Then(at, people.hstack(scored).filter(rows), dropout.given(people, facts, scored).filter(rows))


def _learned(database: Database, rules: Rules, then: Then, days: int) -> Answer | None:
    """What would have been learned by then from who fell silent before; None where nobody did, or everybody.

    Point in time: the last lesson is `days` before, so its truth was known by then; the others lie a week
    apart before it. Somebody who was there at all of them counts as one person.
    """
    start = perf_counter()
    lessons, truths = [], []
    for week in range(LESSONS):
        asked = then.at - timedelta(days=days) - timedelta(weeks=week)
        lesson = _then(database, rules, asked)
        with reader(database, few=False) as source:
            returned = store.returned(source, after=asked, until=asked + timedelta(days=days))
        lessons.append(lesson.given.with_columns(lesson.seen["person_id"]))
        truths.append(lesson.stayed_away(returned))
    given, truth = pl.concat(lessons), np.concatenate(truths)
    if truth.size == 0 or truth.min() == truth.max():
        return None
    weight = given.select(1 / pl.len().over("person_id")).to_series().to_numpy()
    model = Boosting().fit(given, truth, dropout.GIVEN, weight=weight)
    chance = model.probability(then.given).to_numpy()
    return Answer("learned", chance, {**RANKING, **CALIBRATION}, perf_counter() - start)


def compare(
    seen: pl.DataFrame,
    returned: pl.DataFrame,
    *,
    at: datetime,
    days: int,
    seconds: float,
    learned: Answer | None = None,
) -> list[Row]:
    """Rows from beliefs (person_id, first_seen_at, last_seen_at, risk_score) and who returned (person_id)."""
    asked = seen.filter(pl.col("first_seen_at") <= at)
    back = asked["person_id"].is_in(returned["person_id"].implode())
    truth = (~back).to_numpy().astype(np.float64)
    score = asked["risk_score"].fill_null(0.5).to_numpy().astype(np.float64)
    recency = asked.select((pl.lit(at) - pl.col("last_seen_at")).dt.total_seconds()).to_series()
    answers = [
        Answer("tactful", score, {**RANKING, **CALIBRATION}, seconds),
        *([learned] if learned is not None else []),
        Answer("baseline", recency.to_numpy().astype(np.float64), RANKING, 0.0),
    ]
    return measured(PART, f"silence@{days}d", truth, answers)
