"""Asking a language model ahead of time: claimed before, judged and paid after, and left alone while it is away."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from tactful.compose.writing.settings import AT_ONCE
from tactful.facts.writing import TROUBLE, Answer, Draft, Order, Outcome, Writer
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database
from tactful.store.running import writing
from tactful.uses import spending

# After so many failures in a row the rest waits for the next time: the provider is away.
PATIENCE = 5

Want = TypeVar("Want")


@dataclass(slots=True)
class Work(ABC, Generic[Want]):
    """One time of writing. failures: of the provider, in a row; claiming: one by one, in the order of wants.

    longest: what is not begun by then waits for the next time [s].
    """

    longest: ClassVar[float]

    database: Database
    settings: Settings
    writer: Writer
    now: Callable[[], datetime]
    failures: int = 0
    claiming: asyncio.Lock = field(default_factory=asyncio.Lock)

    @abstractmethod
    def wants(self) -> Sequence[Want]:
        """For what something should be written, most urgent first."""

    @abstractmethod
    def order(self, want: Want) -> Order:
        """What the model is asked."""

    @abstractmethod
    def claim(self, connection: Connection, want: Want, most: float) -> int | None:
        """The number of a call that may cost so much; None where it is somebody else's, or too dear."""

    @abstractmethod
    def fault(self, want: Want, draft: Draft) -> str:
        """The rule that a draft breaks; empty where it may be used."""

    @abstractmethod
    def keep(self, connection: Connection, want: Want, call: int, draft: Draft, answer: Answer, cost: float) -> None:
        """Store what may be used."""

    async def all(self) -> int:
        """Write what is wanting. Answers how many words are there that were not before."""
        wants = await asyncio.to_thread(self.wants)
        waiting, clock = asyncio.Semaphore(self.settings[AT_ONCE]), asyncio.get_running_loop().time
        until = clock() + self.longest

        async def one(want: Want) -> bool:
            async with waiting:
                return self.failures < PATIENCE and clock() < until and await self._write(want)

        return sum(await asyncio.gather(*(one(want) for want in wants)))

    async def _write(self, want: Want) -> bool:
        """Claim, ask, judge, keep. Whether there are words now."""
        order = self.order(want)
        most = spending.most(self.settings, order, self.writer.output_tokens)
        async with self.claiming:
            call = await asyncio.to_thread(self._claim, want, most)
        if call is None:
            return False
        answer = self._judged(want, await self.writer.write(order))
        self.failures = self.failures + 1 if answer.outcome in TROUBLE else 0
        cost = spending.paid(self.settings, answer, most)
        await asyncio.to_thread(self._keep, want, call, answer, cost)
        return answer.outcome is Outcome.WRITTEN

    def _claim(self, want: Want, most: float) -> int | None:
        with self.database.batch() as connection:
            return self.claim(connection, want, most)

    def _judged(self, want: Want, answer: Answer) -> Answer:
        rule = None if answer.draft is None else self.fault(want, answer.draft)
        return replace(answer, outcome=Outcome.UNFIT, draft=None, error=rule) if rule else answer

    def _keep(self, want: Want, call: int, answer: Answer, cost: float) -> None:
        with self.database.batch() as connection:
            writing.settle(connection, call, answer, cost=cost)
            if answer.draft is not None:
                self.keep(connection, want, call, answer.draft, answer, cost)
