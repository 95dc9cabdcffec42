"""Learning from one's own past: who fell silent after the same question was asked in earlier weeks.

Every question is put as it could have been put then, from what was known then. What was learned serves only
if the way it was learned has proved better on people asked about later; see `train`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful import loop
from tactful.decide import Rules
from tactful.facts.additive import Floats
from tactful.facts.chain import Chain
from tactful.kernel.chance import mix
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.learn.chaining import Chaining, Lessons
from tactful.learn.promotion import Verdict, judge
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.decided import flags, silence
from tactful.store.decided.moments import Scope
from tactful.store.learned import versions
from tactful.store.reading import reader

# Instants that are learned from, a week apart.
WEEKS = 8
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

    def of(self, organisation: int) -> NDArray[np.bool_]:
        """Which rows are people of one organisation (our own id): a sample of them where they are many."""
        mine = (self.people["organisation_id"] == organisation).to_numpy()
        share = min(1.0, PEOPLE / max(int(mine.sum()), 1))
        words: NDArray[np.uint64] = mix(self.people["person_id"].to_numpy().astype(np.uint64), organisation)
        return mine & (words.astype(np.float64) / 2.0**64 < share)

    def only(self, rows: NDArray[np.bool_]) -> "Then":
        """Those of `rows`."""
        taken = pl.Series(rows)
        return Then(self.at, self.people.filter(taken), self.given.filter(taken), self.cold.filter(taken))

    def chances(self, chain: Chain) -> Floats:
        """What `chain` says of each; one half where nothing is known."""
        believed = chain.believe(dropout.FACTORS, self.given, self.cold).probability
        return believed.fill_null(0.5).to_numpy().astype(np.float64)


def then(database: Database, rules: Rules, at: datetime) -> Then:
    """How everybody stood at `at`, as it was known then."""
    settings = Settings(rules.values)
    with reader(database, few=False) as source:
        people, facts = loop.gather(source, Scope(), at=at, rules=rules, past=True)
    here = (people["first_seen_at"] <= at).fill_null(value=False)
    given = dropout.given(people, facts, settings).filter(here)
    return Then(at, people.filter(here), given, dropout.cold(given, settings))


class Past:
    """The weeks before `at` of all organisations, each read once. days: of silence that count as leaving."""

    def __init__(self, database: Database, rules: Rules, *, at: datetime, days: int) -> None:
        self._database, self._rules, self.at, self.days = database, rules, at, days
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

    def learned(self, organisation: int, *, first: int = 0) -> Chain:
        """What an organisation could believe when the truth of the week `first` had become known.

        Weeks of lessons are an old mean. So a companion is learned from them of half the silence, and what the
        newest people about whom that much is known show it to be wrong about is taken to hold for the whole.
        """
        half = self.days // 2
        chain, companion = (
            Chaining().fit(dropout.FACTORS, self.lessons(organisation, first=first, days=days))
            for days in (self.days, half)
        )
        newest = self._lessons([self.asked(first) + timedelta(days=self.days - half)], organisation, half)
        return Chain(prior=chain, last=Chaining().follow(companion, newest).last)

    def week(self, number: int, organisation: int) -> tuple[Then, Floats]:
        """How an organisation's people stood at `asked(number)`, and who of them then stayed away."""
        moment = self._moment(self.asked(number))
        rows = moment.of(organisation)
        return moment.only(rows), self._truth(self.asked(number), self.days)[rows]

    def lessons(self, organisation: int, *, first: int = 0, days: int | None = None) -> Lessons:
        """What an organisation could learn from the WEEKS from the `first` on about so many `days`, or all of them.

        Each person counts as one.
        """
        asked = [self.asked(number) for number in range(first, first + WEEKS)]
        return self._lessons(asked, organisation, self.days if days is None else days)

    def _lessons(self, asked: list[datetime], organisation: int, days: int) -> Lessons:
        moments = [self._moment(each) for each in asked]
        rows = [moment.of(organisation) for moment in moments]
        mine = [moment.only(each) for moment, each in zip(moments, rows, strict=True)]
        given, cold = (pl.concat([getattr(moment, name) for moment in mine]) for name in ("given", "cold"))
        people = pl.concat([moment.people["person_id"] for moment in mine])
        weight = people.to_frame().select(1 / pl.len().over("person_id")).to_series().to_numpy()
        truth = [self._truth(each, days)[taken] for each, taken in zip(asked, rows, strict=True)]
        return Lessons(given, cold, np.concatenate(truth), people.to_numpy(), weight)

    def _moment(self, asked: datetime) -> Then:
        if asked not in self._moments:
            self._moments[asked] = then(self._database, self._rules, asked)
        return self._moments[asked]

    def _truth(self, asked: datetime, days: int) -> Floats:
        if (asked, days) not in self._truths:
            with reader(self._database, few=False) as source:
                until = asked + timedelta(days=days)
                returned = silence.returned(source, after=asked, until=until)
                # Whoever knows them says that they are not leaving: that is the truth that is learned.
                said = flags.said(source, after=asked, until=until)
            self._truths[asked, days] = self._moment(asked).stayed_away(pl.concat([returned, said]))
        return self._truths[asked, days]


def train(database: Database, rules: Rules, *, at: datetime, by: str) -> list[dict[str, Any]]:
    """Learn anew for every organisation at `at`, and let serve what proved better. Answers a report for each.

    The way of learning is judged as of the newest instant whose truth is known: taught with what was known by
    then, it is held against what serves, on people of whom neither knew the truth. If it is better, it is taught
    again with those too, and serves from `at`; if not, the old one goes on. by: who asked for it. raises: BadInput
    for an instant before the last learning.
    """
    with reader(database, few=True) as source:
        last = versions.latest(source, loop.LEAVING)
    if last is not None and last > at:
        raise BadInput(f"The last belief was learned at {last:%Y-%m-%d %H:%M} UTC; choose a later --at.", fields=["at"])
    past = Past(database, rules, at=at, days=Settings(rules.values)[dropout.HORIZON])
    now = then(database, rules, at)
    return [_train(database, rules, past, now, organisation, by) for organisation in past.organisations]


def _train(database: Database, rules: Rules, past: Past, now: Then, organisation: int, by: str) -> dict[str, Any]:
    verdict = _judged(database, past, organisation)
    lessons, learned = past.lessons(organisation), past.learned(organisation)
    taught = versions.Taught(
        organisation,
        loop.LEAVING,
        since=past.asked(WEEKS - 1),
        until=past.asked(0),
        lessons=lessons.truth.size,
        people=int(np.unique(lessons.groups).size),
        data_print=lessons.print(),
    )
    decision = versions.Decision(past.at, promoted=verdict.better, by=by, reason=verdict.reason)
    here = now.only(now.of(organisation))
    scale = dropout.scale(here.chances(learned), here.given["days_silent"], Settings(rules.values))
    with database.batch() as connection:
        version = versions.record(connection, taught, learned, verdict.metrics, decision)
        if verdict.better:
            versions.rescale(connection, {organisation: scale}, at=past.at)
    facts = {"organisation": organisation, "capability": loop.LEAVING, "version": version}
    counts = {"people": taught.people, "lessons": taught.lessons}
    return {**facts, **counts, "promoted": verdict.better, "reason": verdict.reason, "metrics": verdict.metrics}


def _judged(database: Database, past: Past, organisation: int) -> Verdict:
    # The first week whose own truth was known when the newest one was asked about.
    before = ceil(past.days / 7)
    asked, truth = past.week(0, organisation)
    candidate = past.learned(organisation, first=before)
    with reader(database, few=True) as source:
        served = versions.serving(source, loop.LEAVING, [organisation], past.at).get(organisation)
    return judge(truth, asked.chances(candidate), asked.chances(served.chain if served is not None else Chain()))
