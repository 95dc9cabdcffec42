"""Having words written for live sessions before they are needed; a tick only takes what is there."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from tactful.compose import writing as composing
from tactful.compose.writing import Limits, Room
from tactful.compose.writing.settings import (
    AT_ONCE,
    CHAT_LINES,
    CHAT_MINUTES,
    KEEP_MINUTES,
)
from tactful.facts.writing import TROUBLE, Answer, Outcome, Writer
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.running import writing
from tactful.uses import spending

# What is not begun by then waits for the next time, so that one time is over before the next begins [s].
LONGEST = 45.0
# After so many failures in a row the rest waits for the next time: the provider is away.
PATIENCE = 5

Want = dict[str, Any]


async def write_ahead(database: Database, settings: Settings, writer: Writer, now: Callable[[], datetime]) -> int:
    """Have written what is wanting for sessions that run. Answers how many words are ready to be used."""
    work = Work(database, settings, writer, now)
    wants = await asyncio.to_thread(work.wants)
    waiting, clock = asyncio.Semaphore(settings[AT_ONCE]), asyncio.get_running_loop().time
    until = clock() + LONGEST

    async def one(want: Want) -> bool:
        async with waiting:
            return work.failures < PATIENCE and clock() < until and await work.write(want)

    return sum(await asyncio.gather(*(one(want) for want in wants)))


@dataclass(slots=True)
class Work:
    """One time of writing. failures: of the provider, in a row; claiming: one by one, in the order of wants."""

    database: Database
    settings: Settings
    writer: Writer
    now: Callable[[], datetime]
    failures: int = 0
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)

    def wants(self) -> list[Want]:
        """For what something should be written."""
        window = timedelta(minutes=self.settings[CHAT_MINUTES])
        lines, budget = self.settings[CHAT_LINES], spending.budget(self.settings)
        with self.database.batch() as connection:
            return writing.wanting(connection, at=self.now(), lines=lines, window=window, budget=budget)

    async def write(self, want: Want) -> bool:
        """Claim, ask, judge, keep. Whether there are words now."""
        plain = {name: want[name] for name in ("topic", "title", "language", "anomaly", "viewers")}
        room = Room(**plain, chat=tuple(want["chat"]))
        order = composing.order(want["purpose"], room)
        most = spending.most(self.settings, order, self.writer.output_tokens)
        async with self.claiming:
            call = await asyncio.to_thread(self._claim, want, most)
        if call is None:
            return False
        answer = self._judged(want, room, await self.writer.write(order))
        self.failures = self.failures + 1 if answer.outcome in TROUBLE else 0
        cost = spending.paid(self.settings, answer, most)
        await asyncio.to_thread(self._keep, want, room, (call, cost), answer)
        return answer.outcome is Outcome.WRITTEN

    def _claim(self, want: Want, most: float) -> int | None:
        with self.database.batch() as connection:
            return writing.claim(
                connection,
                want,
                at=self.now(),
                model=self.writer.model,
                cost=most,
                budget=spending.budget(self.settings),
            )

    def _judged(self, want: Want, room: Room, answer: Answer) -> Answer:
        if answer.draft is None:
            return answer
        rule = composing.unfit(want["purpose"], answer.draft, room, Limits.of(self.settings))
        return replace(answer, outcome=Outcome.UNFIT, draft=None, error=rule) if rule else answer

    def _keep(self, want: Want, room: Room, paid: tuple[int, float], answer: Answer) -> None:
        call, cost = paid
        with self.database.batch() as connection:
            writing.settle(connection, call, answer, cost=cost)
            if answer.draft is not None:
                content = composing.contents(
                    want["purpose"], answer.draft, room, model=self.writer.model, answer=answer, cost=cost
                )
                keep = timedelta(minutes=self.settings[KEEP_MINUTES])
                writing.prepare(connection, want, call, content, at=self.now(), keep=keep)
