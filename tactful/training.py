"""Learning from one's own past: who fell silent after the same question was asked of earlier weeks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from tactful import loop
from tactful.decide import Rules
from tactful.facts.additive import Floats
from tactful.kernel.settings import Settings
from tactful.learn.chaining import Lessons
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import silence
from tactful.store.decided.moments import Scope
from tactful.store.reading import reader

# Instants that are learned from, a week apart.
WEEKS = 8


@dataclass(frozen=True, slots=True)
class Then:
    """Everybody first seen up to an instant: who they are, and what a belief about leaving was given of them."""

    at: datetime
    people: pl.DataFrame
    given: pl.DataFrame
    cold: pl.DataFrame

    def stayed_away(self, returned: pl.DataFrame) -> Floats:
        """1 for each who did not return, 0 for each who did."""
        back = self.people["person_id"].is_in(returned["person_id"].implode())
        return (~back).to_numpy().astype(np.float64)


def then(database: Database, rules: Rules, at: datetime) -> Then:
    """How everybody stood at `at`, as it was known then."""
    settings = Settings(rules.values)
    with reader(database, few=False) as source:
        people, facts = loop.gather(source, Scope(), at=at, rules=rules, past=True)
    known = people.filter((pl.col("first_seen_at") <= at).fill_null(value=False))
    given = dropout.given(known, facts, settings)
    return Then(at, known, given, dropout.cold(given, settings))


def lessons(database: Database, rules: Rules, *, at: datetime, days: int) -> dict[int, Lessons]:
    """What each organisation (our own id) can learn at `at` from who was silent for `days`.

    Point in time: the last lesson lies `days` before `at`, so its truth was known by then; the others lie a week
    apart before it. Somebody who was there at all of them counts as one person.
    """
    asked = [at - timedelta(days=days) - timedelta(weeks=week) for week in range(WEEKS)]
    moments = [then(database, rules, each) for each in asked]
    truths = []
    for moment in moments:
        with reader(database, few=False) as source:
            until = moment.at + timedelta(days=days)
            truths.append(moment.stayed_away(silence.returned(source, after=moment.at, until=until)))
    return dict(_by_organisation(moments, np.concatenate(truths)))


def _by_organisation(moments: list[Then], truth: Floats) -> Iterator[tuple[int, Lessons]]:
    people = pl.concat([moment.people.select("organisation_id", "person_id") for moment in moments])
    given, cold = (pl.concat([getattr(moment, name) for moment in moments]) for name in ("given", "cold"))
    weight = people.select(1 / pl.len().over("person_id")).to_series().to_numpy()
    every = Lessons(given, cold, truth, people["person_id"].to_numpy(), weight)
    for organisation in people["organisation_id"].unique().sort().to_list():
        yield organisation, every.only((people["organisation_id"] == organisation).to_numpy())
