"""Learning from a log that is gone through again: each question with what was known when it was asked, and its truth.

The newest fifth of an organisation's time is kept back to judge by.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.capability import Factors
from tactful.facts.chain import Chain
from tactful.facts.scale import Scale
from tactful.learn.chaining import Chaining, Lessons
from tactful.learn.smoothing import apart
from tactful.uses.training.course import Whose, Window

# Share of the time that is kept back.
KEPT_BACK = 0.2


@dataclass(frozen=True)
class Replay:
    """A course made of a log. asked: organisation_id, person_id, at (when it was asked) and known_at (its truth), a row
    for each lesson in the order in which they were asked; lessons: of the same rows. way: how it is learned. start:
    what serves before anything is learned; None: the cold start's score is the chance.
    """

    capability: str
    factors: Factors
    way: Chaining
    asked: pl.DataFrame
    lessons: Lessons
    start: Chain | None = None

    @cached_property
    def organisations(self) -> Sequence[int]:
        """Who has anything to learn from."""
        ids: list[int] = self.asked["organisation_id"].unique().sort().to_list()
        return ids

    def before(self, whose: Whose) -> datetime:
        """When the newest fifth of the time began."""
        mine = self.asked.filter(self._of(whose))
        first, last = mine["at"].min(), mine["known_at"].max()
        assert isinstance(first, datetime)
        assert isinstance(last, datetime)
        return last - KEPT_BACK * (last - first)

    def window(self, whose: Whose) -> Window:
        """Everything whose truth is known."""
        mine = self.asked.filter(self._of(whose))
        since, until = mine["at"].min(), mine["at"].max()
        assert isinstance(since, datetime)
        assert isinstance(until, datetime)
        return Window(since, until, mine["person_id"].n_unique(), self._only(whose))

    def learned(self, whose: Whose, *, then: datetime | None = None, prior: Chain | None = None) -> Chain:
        """What it teaches, on top of `prior`; see `Course`."""
        known = None if then is None else pl.col("known_at") <= then
        return self.way.fit(self.factors, self._only(whose, known), prior=prior)

    def exam(self, whose: Whose) -> Lessons:
        """The newest lessons, asked when all that was learned by `before` was known."""
        return self._only(whose, pl.col("at") > self.before(whose))

    def rule(self, lessons: Lessons) -> Floats:
        """What serves before anything is learned."""
        if self.start is None:
            return lessons.score()
        told = self.start.believe(self.factors, lessons.given, lessons.cold).probability
        return told.cast(pl.Float64).fill_null(np.nan).to_numpy()

    def scale(self, organisation: int, chain: Chain) -> Scale | None:
        """Told as it is."""
        return None

    def _of(self, whose: Whose) -> pl.Expr:
        organisation = pl.col("organisation_id")
        return organisation.is_not_null() if whose is None else organisation == whose

    def _only(self, whose: Whose, these: pl.Expr | None = None) -> Lessons:
        """An organisation's lessons, or some of them; told apart by people, or by days where it has hardly any."""
        mine = self.asked.select(self._of(whose)).to_series()
        lessons, asked = self.lessons.only(mine.to_numpy()), self.asked.filter(mine)
        lessons = replace(lessons, groups=apart(lessons.groups, asked["at"].dt.epoch("d").to_numpy()))
        return lessons if these is None else lessons.only(asked.select(these).to_series().to_numpy())


def lessons_of(asked: pl.DataFrame, given: pl.DataFrame, cold: pl.DataFrame, truth: Floats) -> Lessons:
    """Lessons of these rows, each counting as one. asked: person_id."""
    return Lessons(given, cold, truth, asked["person_id"].to_numpy().astype(np.int64), np.ones(truth.size))
