"""Working out once what takes long of many people: sums of days, effects, and how true beliefs have been.

Of a small organisation it is worked out when somebody looks; of a large one every night, and when an operator asks.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tactful.decide import Rules
from tactful.learn.monitoring import LEAST
from tactful.store.database import Database
from tactful.store.described import organisations
from tactful.store.learned import days, reckonings
from tactful.uses import analytics, watching

# Spans for which effects are told, and how far back beliefs are looked at [days].
SPANS, BELIEF_DAYS = (7, 30, 90), 180

# Told after each part of long work: what was done, in words.
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is worked out for one organisation as of an instant. few: up to so many ledger rows, and a tenth as many
    beliefs or people, it is worked out when somebody looks.
    """

    database: Database
    rules: Rules
    organisation: int
    at: datetime
    few: int

    def effects(self, span: int) -> dict[str, Any]:
        """What was done in the last `span` days and what came of it: at, and body; body is None while unknown.

        As it is now where that is quickly said, else as it was worked out last (kept).
        """
        return self._kept(f"effects {span}") if self._much_done(span) else self._now(self._effects(span))

    def belief(self, capability: str) -> dict[str, Any]:
        """How true its beliefs of the last BELIEF_DAYS have been: at, body and kept, as in `effects`."""
        kept = self._much_believed(capability)
        return self._kept(f"belief {capability}") if kept else self._now(self._belief(capability))

    def parts(self) -> Iterator[tuple[str, Callable[[], None]]]:
        """Everything that takes long: what it is, in words, and how it is worked out and kept."""
        for span in SPANS:
            if self._much_done(span):
                yield f"what came of the last {span} days", partial(self._keep, f"effects {span}", self._effects, span)
        for each in watching.WATCHED:
            if self._much_believed(each):
                yield f"how true beliefs about {each} were", partial(self._keep, f"belief {each}", self._belief, each)

        yield "whether beliefs rank as well as they did", partial(self._keep, "accuracy", self._accuracy, None)
        if self._many_people():
            yield (
                "how far people are on the way to milestones",
                partial(analytics.keep_progress, self.database, self.organisation, self.at),
            )

    def _many_people(self) -> bool:
        with self.database.batch() as connection:
            return reckonings.people(connection, self.organisation, most=self.few // 10 + 1) > self.few // 10

    def _much_done(self, span: int) -> bool:
        since, most = self.at - timedelta(days=span), self.few + 1
        with self.database.batch() as connection:
            return reckonings.decided(connection, self.organisation, since=since, until=self.at, most=most) == most

    def _much_believed(self, capability: str) -> bool:
        return self._believed(capability, least=self.few // 10 + 1)

    def _believed(self, capability: str, *, least: int = 2 * LEAST) -> bool:
        """Whether so many of its beliefs are kept."""
        since = self.at - timedelta(days=BELIEF_DAYS)
        with self.database.batch() as connection:
            return reckonings.believed(connection, self.organisation, capability, since=since, most=least) == least

    def _now(self, body: dict[str, Any]) -> dict[str, Any]:
        return {"at": self.at, "body": body, "kept": False}

    def _effects(self, span: int) -> dict[str, Any]:
        since = self.at - timedelta(days=span)
        asked = watching.span(self.database, self.rules, self.organisation, since=since, until=self.at)
        return _plain(watching.did_good(self.database, asked) | {"coverage": watching.covered(self.database, asked)})

    def _belief(self, capability: str) -> dict[str, Any]:
        since = self.at - timedelta(days=BELIEF_DAYS)
        return _plain(watching.believed(self.database, self.organisation, capability, since=since, until=self.at))

    def _accuracy(self, _: None) -> dict[str, Any]:
        """How far the accuracy of each belief fell (`learn.monitoring.fall`), where enough is known of it."""
        falls = {
            each: (self.belief(each)["body"] or {}).get("fall") for each in watching.WATCHED if self._believed(each)
        }
        return {each: told for each, told in falls.items() if told is not None}

    def _keep(self, name: str, work: Callable[[Any], dict[str, Any]], about: Any) -> None:
        body = json.dumps(work(about))
        with self.database.batch() as connection:
            reckonings.keep(connection, self.organisation, name, at=self.at, body=body)

    def _kept(self, name: str) -> dict[str, Any]:
        with self.database.batch() as connection:
            return {"at": None, "body": None, "kept": True} | (
                reckonings.kept(connection, self.organisation, name) or {}
            )


def nightly(database: Database, rules: Rules, at: datetime, *, few: int, tell: Told) -> None:
    """Sum up the days that are over, and work out what takes long, of every organisation. few: see `Weighing`."""
    with database.batch() as connection:
        ids = sorted(each for each in organisations.names(connection) if each is not None)
    sum_up(database, ids, at, tell)
    analytics.keep_present(database, ids, at)
    for each in ids:
        weigh(Weighing(database, rules, each, at, few), tell)


def weigh(weighing: Weighing, tell: Told) -> None:
    """Work out everything of an organisation anew."""
    for said, work in weighing.parts():
        work()
        tell(f"Worked out {said}.")


def sum_up(database: Database, ids: list[int], at: datetime, tell: Told) -> None:
    """Make the sums of days that are over, of these organisations, each day in a transaction of its own."""
    with database.batch() as connection:
        days.stale(connection)
    for organisation in ids:
        for what in (days.INTERVENTIONS, days.DECISIONS):
            with database.batch() as connection:
                waiting = days.waiting(connection, organisation, what, at)
            for day in waiting:
                with database.batch() as connection:
                    days.count(connection, organisation, what, day)
                tell(f"Counted the {what} of {day}.")


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    """As JSON holds it, whether it was kept or not: instants as text, in UTC."""
    plain: dict[str, Any] = json.loads(json.dumps(told, default=_text))
    return plain


def _text(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
