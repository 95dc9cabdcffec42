"""Is now a good time to write to somebody, and when instead? Asked of one person, at any instant.

The person is brought up to date first. An instant of the past is asked of what they had done and been told by then;
how they want to be reached, and what guard rails say, is as of now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from tactful.decide import Rules, forbidden, with_local_days, with_wall_clock
from tactful.facts.chain import Belief as Believed
from tactful.facts.chain import Chain
from tactful.facts.moments import INSTANT
from tactful.facts.quiet import quiet
from tactful.facts.rhythm import UNLEARNED, Rhythms
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import timing
from tactful.store.database import Connection, Database
from tactful.store.decided import moments
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.described import lookup
from tactful.store.described.erasure import despite_erasure
from tactful.store.learned import usual, versions
from tactful.store.reading import Reader, RowReader
from tactful.store.sensed import contacts
from tactful.uses.governing import governing
from tactful.uses.timing import CAPABILITY, MOMENT

# So far ahead it can be asked: what is proposed today for within a week, and what is proposed of that.
AHEAD = timedelta(days=14)

NOBODY: dict[str, Any] = {
    "is_good_time": False, "reasoning": "Nothing is known of this person yet.", "alternative_time": None,
    "score": None, "probability": None, "confidence": 0.0, "contributions": {}, "reasons": [],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """What is asked. kind: of intervention, whose guard rails are asked too. zone: their clock, if not their usual.

    now: what the clock shows where `at` lies ahead: what is known is as of now. until: nothing later is proposed.
    """

    at: datetime
    kind: str | None = None
    zone: str | None = None
    past: bool = False
    now: datetime | None = None
    until: datetime | None = None

    @property
    def known_at(self) -> datetime:
        """As of when they are known: an instant ahead brings nothing new of them."""
        return self.at if self.now is None else min(self.at, self.now)


@dataclass(frozen=True, slots=True)
class Learned:
    """What serves their organisation. chain: None before any learning; hours: what is usual of them."""

    chain: Chain | None
    hours: Rhythms


class Found(NamedTuple):
    """What is known of one person. known: MOMENT as answered; person: the MOMENT of facts, by their own clock."""

    known: pl.DataFrame
    person: pl.DataFrame
    learned: Learned


class Belief(NamedTuple):
    """What is believed of it. good: None where nothing is known; probability: None before any learning.

    substitute: it is good only because none of their usual hours can be used.
    """

    good: bool | None
    substitute: bool
    probability: float | None
    given: Mapping[str, Any]
    cold: Mapping[str, Any]
    contributions: Mapping[str, Any]


def check(database: Database, rules: Rules, whom: tuple[str, str], asked: Check) -> dict[str, Any]:
    """Whether it is a good time to write to this (organisation, person), with reasons, and the next one if not."""
    found, rules = despite_erasure(database, partial(_found, rules, whom, asked))
    # Each is read by a statement of its own; who is erased in between is gone.
    if found is None or found.person.is_empty() or found.known.is_empty():
        return NOBODY
    return _told(found, rules, asked)


def _found(rules: Rules, whom: tuple[str, str], asked: Check, connection: Connection) -> tuple[Found | None, Rules]:
    source, mine = RowReader(connection), Scope(people=lookup.find_all(connection, [whom]))
    rules = governing(connection, rules, people=mine.people)
    person = moments.read(source, mine, at=asked.at, defaults=rules.defaults, own=rules.theirs("defaults"))
    if person.is_empty():
        return None, rules
    zone = pl.col("zone") if asked.zone is None else pl.lit(asked.zone)
    clock = with_local_days(with_wall_clock(person.with_columns(zone=zone), asked.at))
    learned = serving(source, int(person["organisation_id"].item()), asked.at, Settings(rules.values))
    return Found(_known(connection, mine, asked), clock, learned), rules


def serving(source: Reader, organisation: int, at: datetime, settings: Settings) -> Learned:
    """What an organisation had learned of timing at `at`."""
    served = versions.serving(source, CAPABILITY, [organisation], at, wanted=settings[PREDICTING])
    hours = usual.serving(source, [organisation], at)
    return Learned(next((each.chain for each in served.values()), None), hours.get(organisation, UNLEARNED))


def _known(connection: Connection, mine: Scope, asked: Check) -> pl.DataFrame:
    source = RowReader(connection)
    if asked.past:
        # From here to the end of the transaction nothing is taken in yet; all up to then is taken in anew.
        stored.shadow(source)
    contacts.bring_up_to_date(connection, mine, at=asked.known_at)
    return MOMENT.ask(source, mine, at=asked.known_at, zone=asked.zone)


def good_now(found: Found, at: datetime, settings: Settings) -> bool | None:
    """Whether `at` is a good time for one person; None where nothing is known."""
    return _believed(found, at, settings).good


def _believed(found: Found, at: datetime, settings: Settings) -> Belief:
    then = pl.Series([at], dtype=INSTANT)
    given, cold, told = _beliefs(found, then, settings)
    grades, hours = _grades(found, cold, told, settings), _hours(found, settings)
    good = timing.good_now(grades, hours.best, found.person, at).item()
    likely = (grades >= 0).item()
    return Belief(
        good,
        not likely and hours.substitute(then, found.person["zone"].item()),
        None if found.learned.chain is None else told.probability.item(),
        given.row(0, named=True),
        cold.row(0, named=True),
        told.contributions.row(0, named=True),
    )


def _beliefs(found: Found, instants: pl.Series, settings: Settings) -> tuple[pl.DataFrame, pl.DataFrame, Believed]:
    """GIVEN, the cold start and what was learned, of one person at each of `instants`, had nothing happened since."""
    rows = timing.later(found.known, found.person["zone"].item(), instants)
    given = timing.given(rows, found.learned.hours)
    cold = timing.cold(given, settings)
    return given, cold, (found.learned.chain or Chain()).believe(timing.FACTORS, given, cold)


def _grades(found: Found, cold: pl.DataFrame, told: Believed, settings: Settings) -> pl.Series:
    adds = None if found.learned.chain is None else told.contributions
    return timing.grade(cold, adds=adds, settings=settings)


def _hours(found: Found, settings: Settings) -> timing.Hours:
    """Their peak hours, and what their quiet hours leave; none as long as nothing can be said of their hours."""
    hours = found.learned.hours
    week = timing.week_chances(found.known, hours)
    week = np.where(timing.enough(found.known, hours, settings)[:, None, None], week, np.nan)
    peaks = timing.week_peaks(week, settings)
    return timing.Hours(timing.best_hours(week, peaks, found.person), peaks)


def _told(found: Found, rules: Rules, asked: Check) -> dict[str, Any]:
    settings, person = Settings(rules.values), found.person
    belief = _believed(found, asked.at, settings)
    against = [] if asked.kind is None else forbidden(person, asked.kind, asked.at, rules)
    good = bool(belief.good) and not against
    counted = {**belief.given, **found.known.row(0, named=True)}
    other = None if good else instead(found, asked, settings)
    return {
        "is_good_time": good,
        "reasoning": against[0] if against else _reasoning(found, belief, other, counted, settings),
        "alternative_time": other,
        "score": belief.cold["score"],
        "probability": belief.probability,
        "confidence": belief.cold["confidence"],
        "contributions": belief.contributions,
        "reasons": [*against, *timing.reasons(list(timing.FACTORS), counted)],
    }


def _reasoning(found: Found, belief: Belief, other: datetime | None, row: Mapping[str, Any], settings: Settings) -> str:
    asleep = bool(found.person.select(quiet(pl.col("local_minute"))).item())
    hours, zone = _hours(found, settings), found.person["zone"].item()
    that = other is not None and hours.substitute(pl.Series([other], dtype=INSTANT), zone)
    told = timing.verdict(
        bool(belief.good), hours, quiet=asleep, other=other is not None, this=belief.substitute, that=that
    )
    return told if asleep else " ".join([told, *timing.reasons(timing.PASSING, row)])


def instead(found: Found, asked: Check, settings: Settings) -> datetime | None:
    """The next moment that `good_now` calls good of one person; None where there is none within a week."""

    def believe(instants: pl.Series) -> pl.Series:
        _, cold, told = _beliefs(found, instants, settings)
        return _grades(found, cold, told, settings)

    return timing.next_good(_hours(found, settings).best, found.person, asked.at, believe, until=asked.until)
