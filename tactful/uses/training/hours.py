"""What is usual of people's hours: learned by each organisation alone, from when its people were there.

The newest two weeks are kept back to judge by: they hold every weekday twice. A fifth of the time, as of a log, would
be months, while what is usual serves for some weeks beside people's own hours as they stand, so it would be judged by
people of whom too little is known. Nothing is shared between organisations, whatever `learn.across_organisations` says:
each learns from its own people alone.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from tactful.facts import rhythm
from tactful.facts.additive import Floats
from tactful.facts.columns import numbers
from tactful.facts.rhythm import RHYTHM, UNLEARNED, Rhythms
from tactful.learn.promotion import Verdict, too_early, undecided, weigh
from tactful.learn.rhythms import Rhythming
from tactful.store.database import Database
from tactful.store.learned import answers, lived, usual, versions
from tactful.store.reading import reader
from tactful.store.sensed import stays

# People of an organisation that are gone through at most: what is usual of so many is known well.
MOST = 1_000
KEPT_BACK = timedelta(weeks=2)


@dataclass(frozen=True, slots=True)
class Hours:
    """What people's hours teach. sessions: LIVED of store.learned.lived, some of them, in order of people and time."""

    sessions: pl.DataFrame

    @property
    def since(self) -> datetime:
        """When the first of them came."""
        first = self.sessions["started_at"].min()
        assert isinstance(first, datetime)
        return first

    @property
    def until(self) -> datetime:
        """When the last of them was there."""
        last = self.sessions["ended_at"].max()
        assert isinstance(last, datetime)
        return last

    def known(self, at: datetime) -> pl.DataFrame:
        """RHYTHM of each person who was there by `at`, as it stood then."""
        return rhythm.advance(rhythm.nothing(), self.cells(at))[1]

    def came(self, after: datetime) -> pl.DataFrame:
        """CELL of the hours in which they came later than `after`, but for the one that it falls into."""
        later = stays.cells(self.sessions.filter(pl.col("started_at") > after))
        return later.join(self.cells(after), on=["person_id", "day", "hour"], how="anti", maintain_order="left")

    def cells(self, at: datetime) -> pl.DataFrame:
        """CELL of the hours in which they were there by `at`."""
        by_then = self.sessions.filter(pl.col("started_at") <= at)
        return stays.cells(by_then.with_columns(pl.min_horizontal("ended_at", pl.lit(at))))


def learn(
    database: Database, *, at: datetime, by: str, least: int, only: int | None = None
) -> Iterator[dict[str, Any]]:
    """Learn what is usual anew, organisation by organisation, and let serve what proved better; a report for each.

    It is judged by the hours in which people came in the newest two weeks, given what was known of them before. only:
    the one organisation that learns. least: lessons that it takes before anything that was learned may serve.
    """
    with reader(database, few=True) as source:
        ids = [each for each in answers.organisations(source) if only in (None, each)]
    for one in ids:
        with reader(database, few=False) as source:
            hours = Hours(lived.sessions(source, one, until=at, most=MOST))
            serving = usual.standing(source, [one], at).get(one)
        if not hours.sessions.is_empty():
            early = too_early(hours.cells(hours.until).height, least)
            verdict = early or judged(hours, serving)
            decision = versions.Decision(at, promoted=verdict.better, by=by, reason=verdict.reason)
            yield _taken(database, one, hours, verdict, decision)


def _taken(
    database: Database, organisation: int, hours: Hours, verdict: Verdict, decision: versions.Decision
) -> dict[str, Any]:
    known = hours.known(hours.until)
    taught = versions.Taught(
        organisation,
        usual.HOURS,
        since=hours.since,
        until=hours.until,
        lessons=hours.cells(hours.until).height,
        people=known.height,
        data_print=hashlib.sha256(numbers(known["hours"]).tobytes()).hexdigest()[:32],
    )
    with database.batch() as connection:
        version = versions.record(connection, taught, _fitted(known), verdict.metrics, decision)
    facts = {"organisation": organisation, "capability": usual.HOURS, "version": version}
    counts = {"people": taught.people, "lessons": taught.lessons}
    return {**facts, **counts, "promoted": verdict.better, "reason": verdict.reason, "metrics": verdict.metrics}


def judged(hours: Hours, serving: usual.Standing | None) -> Verdict:
    """What hours teach that were known two weeks before the last one, held against what serves (None: unlearned).

    Both are asked of hours that neither was taught with.
    """
    before = hours.until - KEPT_BACK
    if serving is not None and serving.until > before:
        return undecided(f"Too early: what serves was learned from hours until {serving.until:%Y-%m-%d}.")
    known, came = hours.known(before), hours.came(before)
    serves = UNLEARNED if serving is None else serving.rhythms
    told = {
        "candidate": _surprise(_fitted(hours.known(before)), known, came, before),
        "serving": _surprise(serves, known, came, before),
    }
    verdict = weigh(told["serving"] - told["candidate"], groups=came["person_id"].to_numpy())
    figures = {name: {"log_loss": float(each.mean())} for name, each in told.items() if "gain" in verdict.metrics}
    return replace(verdict, metrics={**verdict.metrics, **figures})


def _fitted(known: pl.DataFrame) -> Rhythms:
    return Rhythming().fit(numbers(known["hours"]))


def _surprise(said: Rhythms, known: pl.DataFrame, came: pl.DataFrame, at: datetime) -> Floats:
    """How surprising each hour of `came` was [nats] on its weekday, by what was known of its person at `at`."""
    people = came.select(pl.col("person_id").unique(maintain_order=True)).with_row_index("place")
    stood = people.join(known.select(*RHYTHM), on="person_id", how="left", maintain_order="left")
    held, day = np.nan_to_num(numbers(stood["hours"])), np.full(people.height, at.timestamp() // 86_400)
    week = said.week(rhythm.now(held, numbers(stood["day"]), day))
    place = came.join(people, on="person_id", maintain_order="left")["place"].to_numpy()
    weekday = came["day"].dt.weekday().to_numpy().astype(np.int64) - 1
    surprise: Floats = -np.log(week[place, weekday, came["hour"].to_numpy()])
    return surprise
