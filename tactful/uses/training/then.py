"""How everybody stood at an instant of the past, as it was known then, and what a belief about leaving was given."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful import loop
from tactful.decide import Rules
from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.kernel.settings import Settings
from tactful.learn.chaining import Lessons
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import flags, silence
from tactful.store.decided.moments import Scope
from tactful.store.reading import reader
from tactful.uses.training.course import Whose

# People that one organisation's lessons are about at most; which ones is the same in every week.
PEOPLE = 50_000


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

    def sample(self) -> "Then":
        """At most PEOPLE of each organisation; the same ones at every instant, as far as they are enough."""
        ids = self.people.select("organisation_id", "person_id")
        share = (PEOPLE / ids.select(pl.len().over("organisation_id")).to_series().to_numpy()).clip(0.0, 1.0)
        words: NDArray[np.uint64] = mix(ids["person_id"].to_numpy().astype(np.uint64), 0)
        return self.only(words.astype(np.float64) / 2.0**64 < share)

    def of(self, whose: Whose) -> NDArray[np.bool_]:
        """Which rows are people of one organisation (our own id), or of all."""
        organisations = self.people["organisation_id"]
        return np.ones(organisations.len(), np.bool_) if whose is None else (organisations == whose).to_numpy()

    def only(self, rows: NDArray[np.bool_]) -> "Then":
        """Those of `rows`."""
        taken = pl.Series(rows)
        return Then(self.at, self.people.filter(taken), self.given.filter(taken), self.cold.filter(taken))

    def lessons(self, truth: Floats) -> Lessons:
        """What they teach, each counting as one."""
        return Lessons(self.given, self.cold, truth, self.people["person_id"].to_numpy(), np.ones(truth.size))


class Lives(Protocol):
    """Where what is learned about leaving is read from: the store in service, a public log in evaluation."""

    def then(self, at: datetime) -> Then:
        """How everybody stood at `at`, as it was known then."""
        ...

    def returned(self, after: datetime, until: datetime) -> pl.DataFrame:
        """person_id of who was there again, or is known to be staying, after `after` and up to `until`."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """What the store knows of everybody."""

    database: Database
    rules: Rules

    def then(self, at: datetime) -> Then:
        """How everybody stood at `at`, as it was known then."""
        return then(self.database, self.rules, at)

    def returned(self, after: datetime, until: datetime) -> pl.DataFrame:
        """Who came, and of whom somebody who knows them says that they are not leaving: that is the truth, too."""
        with reader(self.database, few=False) as source:
            came, said = (each(source, after=after, until=until) for each in (silence.returned, flags.said))
        return pl.concat([came, said])


def then(database: Database, rules: Rules, at: datetime) -> Then:
    """How everybody stood at `at`, as it was known then."""
    settings = Settings(rules.values)
    with reader(database, few=False) as source:
        people, facts = loop.gather(source, Scope(), at=at, rules=rules, past=True)
    here = (people["first_seen_at"] <= at).fill_null(value=False)
    given = dropout.given(people, facts, settings).filter(here)
    return Then(at, people.filter(here), given, dropout.cold(given, settings))
