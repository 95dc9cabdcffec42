"""Learning from one's own past. What was learned serves only if the way of learning has proved better: see `train`."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from tactful.decide import Rules
from tactful.facts.capability import learned_from
from tactful.facts.chain import Chain
from tactful.facts.scale import Scale
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.learn.chaining import Lessons
from tactful.learn.drifting import drifts
from tactful.learn.promotion import Verdict, judge, too_early, undecided
from tactful.learn.settings import ACROSS, MIN_SAMPLES
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.learned import predictions, versions
from tactful.store.learned.usual import HOURS
from tactful.store.reading import reader
from tactful.uses.foreseeing import CAPABILITY as MOOD_TREND
from tactful.uses.training import answers, hours, practice, progress, replies, trends
from tactful.uses.training.course import Course, Whose, chances
from tactful.uses.training.silence import Past, past

__all__ = ["courses", "train"]


def train(
    database: Database,
    rules: Rules,
    *,
    at: datetime,
    by: str,
    only: Whose = None,
    capability: str | None = None,
    tell: Callable[[dict[str, Any]], None] | None = None,
) -> list[dict[str, Any]]:
    """Learn anew at `at`, for every capability or one, and every organisation; let serve what proved better.

    A report for each.

    The way of learning is judged by the newest questions whose truth is known: taught with what was known when they
    were asked, it is held against what serves. If it is better, it is taught again with those too, and serves from
    `at`; if not, the old one goes on. by: who asked for it. only: the one organisation that learns. tell: hears each
    report as it comes. raises: BadInput for an instant before the last learning.
    """
    with reader(database, few=True) as source:
        last = versions.latest(source)
    if last is not None and last > at:
        raise BadInput(f"The last belief was learned at {last:%Y-%m-%d %H:%M} UTC; choose a later --at.", fields=["at"])
    together = Settings(rules.values)[ACROSS]
    if not together:
        with database.batch() as connection:
            versions.part(connection, at=at)
    reports = []
    for report in _reports(database, rules, at, by, together=together, only=only, capability=capability):
        reports.append(report)
        if tell is not None:
            tell(report)
    return reports


def _reports(
    database: Database, rules: Rules, at: datetime, by: str, *, together: bool, only: Whose, capability: str | None
) -> Iterator[dict[str, Any]]:
    least = Settings(rules.values)[MIN_SAMPLES]
    for course in courses(database, rules, at=at, capability=capability):
        yield from Taking(database, course, at, by, together, least=least, only=only).reports()
    if capability in (None, HOURS):
        yield from hours.learn(database, at=at, by=by, least=least, only=only)


def courses(database: Database, rules: Rules, *, at: datetime, capability: str | None = None) -> Iterator[Course]:
    """What there is to learn from as of `at`, about one capability or all; what nobody asks for is not read.

    One after the other, for each holds its lessons in memory.
    """
    settings = Settings(rules.values)
    if capability in (None, Past.capability):
        yield past(database, rules, at=at, days=settings[dropout.HORIZON])
    yield from _answered(database, settings, at, capability)
    if capability in (None, "timing"):
        replied = replies.replies(database, settings, until=at)
        if replied is not None:
            yield replied
    if capability in (None, MOOD_TREND):
        said = trends.trends(database, settings, until=at)
        if said is not None:
            yield said


def _answered(database: Database, settings: Settings, at: datetime, capability: str | None) -> Iterator[Course]:
    """What can be learned from answers."""

    def practised(log: pl.DataFrame, settings: Settings, *, until: datetime) -> Course | None:
        return practice.practice(answers.described(database), log, settings, until=until)

    makers = {"forgetting": answers.memory, "plateau": progress.progress, "struggle": practised}
    asked = [maker for name, maker in makers.items() if capability in (None, name)]
    if not asked:
        return
    log = answers.read(database, until=at)
    for maker in asked:
        taught = maker(log, settings, until=at)
        if taught is not None:
            yield taught


@dataclass(frozen=True, slots=True)
class Taking:
    """One course, taken. together: whether organisations learn from each other. only: the one that takes it.

    least: lessons that it takes before anything that was learned may serve.
    """

    database: Database
    course: Course
    at: datetime
    by: str
    together: bool
    least: int
    only: Whose = None
    shared: dict[datetime | None, Chain] = field(default_factory=dict)

    def reports(self) -> Iterator[dict[str, Any]]:
        """What was learned by each, and by all together, if they do."""
        for one in self.course.organisations:
            if self.only in (None, one):
                yield self._report(one)
        # Last, so that nobody's own is held to what has learned from the very people it is judged by.
        if self.together and self.course.organisations and self.only is None:
            yield self._report(None)

    def _learned(self, whose: Whose, then: datetime | None = None) -> Chain:
        """What an organisation learned, on top of what all of them together teach, if they do."""
        prior = self._shared(then) if self.together and whose is not None else None
        return self.course.learned(whose, then=then, prior=prior)

    def _shared(self, then: datetime | None) -> Chain:
        if then not in self.shared:
            self.shared[then] = self.course.learned(None, then=then)
        return self.shared[then]

    def _report(self, whose: Whose) -> dict[str, Any]:
        course, window = self.course, self.course.window(whose)
        asked, learned = course.exam(whose), self._learned(whose)
        verdict = too_early(window.lessons.truth.size, self.least) or self._judged(whose, asked)
        moved = drifts(window.lessons.given, asked.given, learned_from(course.factors))
        taught = versions.Taught(
            whose,
            course.capability,
            since=window.since,
            until=window.until,
            lessons=window.lessons.truth.size,
            people=window.people,
            data_print=window.lessons.print(),
            together=self.together,
        )
        decision = versions.Decision(self.at, promoted=verdict.better, by=self.by, reason=verdict.reason)
        with self.database.batch() as connection:
            version = versions.record(connection, taught, learned, {**verdict.metrics, "drift": moved}, decision)
            if verdict.better and (scales := self._scales(whose, learned)):
                versions.rescale(connection, scales, at=self.at)
                predictions.start_over(connection, list(scales))
        facts = {"organisation": whose, "capability": course.capability, "version": version}
        counts = {"people": taught.people, "lessons": taught.lessons}
        return {**facts, **counts, "promoted": verdict.better, "reason": verdict.reason, "metrics": verdict.metrics}

    def _judged(self, whose: Whose, asked: Lessons) -> Verdict:
        """Hold what could be learned before the exam to what serves, of which neither may know the answers."""
        before = self.course.before(whose)
        with reader(self.database, few=True) as source:
            serving = versions.standing(source, self.course.capability, whose, self.at)
        if serving is not None and serving.at > before:
            return undecided(f"Too early: what serves was learned on {serving.at:%Y-%m-%d}, and knows the answers.")
        candidate = self._learned(whose, before)
        if candidate.blank:
            return undecided(f"Too little was known by {before:%Y-%m-%d} to learn anything that could be judged.")
        if serving is not None:
            served = chances(self.course, asked, serving.chain)
        else:
            served = np.nan_to_num(self.course.rule(asked), nan=0.5)
        return judge(asked.truth, chances(self.course, asked, candidate), served, groups=asked.groups)

    def _scales(self, whose: Whose, learned: Chain) -> dict[int, Scale]:
        """Of those whom it serves from now on: of all who have learned nothing of their own, if it is everybody's."""
        ids = [whose] if whose is not None else self.course.organisations
        if whose is None:
            with reader(self.database, few=True) as source:
                own = versions.own(source, self.course.capability, self.at)
            ids = [one for one in ids if one not in own]
        scales = {one: self.course.scale(one, learned) for one in ids}
        return {one: scale for one, scale in scales.items() if scale is not None}
