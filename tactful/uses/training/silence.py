"""Learning about leaving: who fell silent after the same question was asked in earlier weeks.

Every question is put as it could have been put then, from what was known then.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil

import numpy as np
import polars as pl

from tactful.decide import Rules
from tactful.facts.additive import Floats
from tactful.facts.chain import Chain
from tactful.facts.scale import Scale
from tactful.kernel.settings import Settings
from tactful.learn.chaining import Lessons
from tactful.learn.owning import patience
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.uses.training.course import Whose, Window
from tactful.uses.training.then import Lives, Stored, Then
from tactful.uses.training.ways import WAYS

# Instants that are learned from, a week apart.
WEEKS = 8


def past(database: Database, rules: Rules, *, at: datetime, days: int) -> "Past":
    """What the store knows of the weeks before `at`. days: silence that counts as leaving."""
    return Past(Stored(database, rules), Settings(rules.values), at=at, days=days)


class Past:
    """The weeks before `at` of all organisations, each read once; a `Course`. days: silence that counts as leaving.

    lives: where they are read from, so that public logs are learned from by the very code that serves.
    """

    capability = "dropout"
    factors = dropout.FACTORS

    def __init__(self, lives: Lives, settings: Settings, *, at: datetime, days: int) -> None:
        self._lives, self._settings, self.at, self.days = lives, settings, at, days
        self._moments: dict[datetime, Then] = {}
        self._truths: dict[tuple[datetime, int], Floats] = {}

    def asked(self, number: int) -> datetime:
        """The instant `number` weeks before the newest one whose truth is known."""
        return self.at - timedelta(days=self.days, weeks=number)

    @cached_property
    def organisations(self) -> list[int]:
        """Who had anybody to learn from at the newest instant whose truth is known."""
        ids: list[int] = self._moment(self.asked(0)).people["organisation_id"].unique().sort().to_list()
        return ids

    def window(self, whose: Whose) -> Window:
        """The lessons of the WEEKS before the newest instant whose truth is known."""
        lessons = self.lessons(whose)
        return Window(self.asked(WEEKS - 1), self.asked(0), int(np.unique(lessons.groups).size), lessons)

    def before(self, whose: Whose) -> datetime:
        """The newest instant whose truth is known."""
        return self.asked(0)

    def learned(self, whose: Whose, *, then: datetime | None = None, prior: Chain | None = None) -> Chain:
        """What an organisation can believe; then: could believe at an instant, of those a week apart.

        Weeks of lessons are an old mean. So a companion is learned from them of half the silence, and what the
        newest people about whom that much is known show it to be wrong about is taken to hold for the whole.
        """
        half, way = self.days // 2, WAYS[self.capability]
        # Of the weeks asked about, the first whose truth was known by then.
        first = 0 if then is None else ceil((self.at - then) / timedelta(weeks=1))
        chain, companion = (
            way.fit(self.factors, self.lessons(whose, first=first, days=days), prior=prior)
            for days in (self.days, half)
        )
        newest = self._lessons([self.asked(first) + timedelta(days=self.days - half)], whose, half)
        followed = Chain(prior=chain, last=way.follow(companion, newest).last)
        return replace(followed, patience=self._patience(followed, whose, first))

    def exam(self, whose: Whose) -> Lessons:
        """How people stood at the newest instant whose truth is known, and who of them then stayed away."""
        moment, truth = self.week(0, whose)
        return moment.lessons(truth)

    def rule(self, lessons: Lessons) -> Floats:
        """The cold start's score, told as a chance."""
        return Chain().believe(self.factors, lessons.given, lessons.cold).probability.to_numpy()

    def scale(self, organisation: int, chain: Chain) -> Scale:
        """The scale on which no more than the set shares of them are critical now."""
        here = self._now.only(self._now.of(organisation))
        told = chain.believe(self.factors, here.given, here.cold).probability.fill_null(0.5).to_numpy()
        return dropout.scale(told, here.given["days_silent"], self._settings)

    def week(self, number: int, whose: Whose) -> tuple[Then, Floats]:
        """How an organisation's people stood at `asked(number)`, and who of them then stayed away."""
        moment = self._moment(self.asked(number))
        rows = moment.of(whose)
        return moment.only(rows), self._truth(self.asked(number), self.days)[rows]

    def lessons(self, whose: Whose, *, first: int = 0, days: int | None = None) -> Lessons:
        """What an organisation could learn from the WEEKS from the `first` on about so many `days`, or all of them.

        Each person counts as one.
        """
        asked = [self.asked(number) for number in range(first, first + WEEKS)]
        return self._lessons(asked, whose, self.days if days is None else days)

    def _patience(self, chain: Chain, whose: Whose, first: int) -> float | None:
        """What one's own surprises are worth: of people asked about in two weeks that share no day of their truth."""
        apart = ceil(self.days / 7)
        weeks = {number: self._told(chain, number, whose) for number in range(first, first + WEEKS)}
        pairs = [weeks[late].join(weeks[late + apart], on="person_id") for late in weeks if late + apart in weeks]
        if not pairs:
            return None
        both = pl.concat(pairs)
        told = both.select("chance_right", "truth_right", "chance", "truth").to_numpy()
        return patience((told[:, 0], told[:, 1]), (told[:, 2], told[:, 3]), people=both["person_id"].to_numpy())

    def _told(self, chain: Chain, number: int, whose: Whose) -> pl.DataFrame:
        """person_id, chance and truth of everybody asked about in a week of whom anything was known."""
        moment, truth = self.week(number, whose)
        chance = chain.believe(self.factors, moment.given, moment.cold).probability.alias("chance")
        return moment.people.select("person_id").with_columns(chance, truth=pl.Series(truth)).drop_nulls()

    @cached_property
    def _now(self) -> Then:
        return self._lives.then(self.at).sample()

    def _lessons(self, asked: list[datetime], whose: Whose, days: int) -> Lessons:
        moments = [self._moment(each) for each in asked]
        rows = [moment.of(whose) for moment in moments]
        mine = [moment.only(each) for moment, each in zip(moments, rows, strict=True)]
        given, cold = (pl.concat([getattr(moment, name) for moment in mine]) for name in ("given", "cold"))
        people = pl.concat([moment.people["person_id"] for moment in mine])
        weight = people.to_frame().select(1 / pl.len().over("person_id")).to_series().to_numpy()
        truth = [self._truth(each, days)[taken] for each, taken in zip(asked, rows, strict=True)]
        return Lessons(given, cold, np.concatenate(truth), people.to_numpy(), weight)

    def _moment(self, asked: datetime) -> Then:
        if asked not in self._moments:
            self._moments[asked] = self._lives.then(asked).sample()
        return self._moments[asked]

    def _truth(self, asked: datetime, days: int) -> Floats:
        if (asked, days) not in self._truths:
            returned = self._lives.returned(asked, asked + timedelta(days=days))
            self._truths[asked, days] = self._moment(asked).stayed_away(returned)
        return self._truths[asked, days]
