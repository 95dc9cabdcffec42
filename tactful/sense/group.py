"""Group commit: many requests, one transaction, each answered only after its commit.

What is only read goes the same way where many ask at once.

The next group collects while the previous ones commit, so groups grow with the load and nobody
waits when there is none. If a group fails, its requests are written again one by one, so that
one bad request never harms another; when nothing can be written at all, all are told at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tactful.kernel.errors import NotReady

T = TypeVar("T")
R = TypeVar("R")

# A group waits for those who follow each other within STEP [s], at most for this share of what
# the last one took. Without it, whoever comes first is written alone while all others wait.
STEP = 0.002
PATIENCE = 0.1

# Writes rows in one transaction of its own and answers one result for each, after the commit.
Write = Callable[[Sequence[T]], Awaitable[Sequence[R]]]


@dataclass(slots=True)
class Request(Generic[T, R]):
    """Rows that belong together: all of them are written in one transaction or none is."""

    rows: Sequence[T]
    answer: asyncio.Future[Sequence[R]]


class GroupCommit(Generic[T, R]):
    """Collects rows and writes them in groups of at most `rows`, `writers` groups at a time.

    A single request larger than `rows` is a group of its own. `queue`: rows that may wait. `rest`: how long
    nothing is written after a group, as a multiple of what that group took; for work that costs much by
    the group and little by the row, so that under load groups grow instead of taking the whole machine.
    """

    def __init__(self, write: Write[T, R], *, rows: int, queue: int, writers: int, rest: float = 0.0) -> None:
        self._write = write
        self._rows = rows
        self._room = queue
        self._writers = writers
        self._rest = rest
        self._rested = float("-inf")
        self._waiting: deque[Request[T, R]] = deque()
        self._depth = 0
        self._took = 0.0
        # Those who take what waits; a task that leaves is not one of them, even before it has ended.
        self._active = 0
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    @property
    def depth(self) -> int:
        """Rows that wait now."""
        return self._depth

    async def submit(self, rows: Sequence[T]) -> Sequence[R]:
        """Write `rows` with whatever else is waiting; one result for each row, after the commit.

        raises: NotReady when too much is waiting or the engine is stopping; else what the write raised.
        """
        if not rows:
            return []
        if self._closed:
            raise NotReady("The engine is stopping; send this again to the next one.")
        if self._depth and self._depth + len(rows) > self._room:
            raise NotReady("More arrives than can be written just now; try again shortly.")
        request: Request[T, R] = Request(rows, asyncio.get_running_loop().create_future())
        self._waiting.append(request)
        self._depth += len(rows)
        self._start()
        # Somebody who hangs up must not cancel what others share.
        return await asyncio.shield(request.answer)

    async def close(self) -> None:
        """Take nothing new, finish what was taken."""
        self._closed = True
        while self._running:
            await asyncio.wait(self._running)

    def _start(self) -> None:
        if self._active < self._writers:
            self._active += 1
            task = asyncio.get_running_loop().create_task(self._work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _work(self) -> None:
        try:
            # One turn of the loop, so that requests that are already here come along.
            await asyncio.sleep(0)
            while self._waiting:
                await self._gather()
                if self._waiting:
                    await self._write_one()
        finally:
            self._active -= 1

    async def _write_one(self) -> None:
        start = time.monotonic()
        await self._commit(self._take())
        end = time.monotonic()
        self._took = end - start
        self._rested = end + self._rest * self._took

    async def _gather(self) -> None:
        """Let those come along who are on their way: a moment, short beside what writing takes."""
        if (left := self._rested - time.monotonic()) > 0:
            await asyncio.sleep(left)
        end = time.monotonic() + self._took * PATIENCE
        seen = 0
        while seen < self._depth < self._rows and (left := end - time.monotonic()) > 0:
            seen = self._depth
            await asyncio.sleep(min(STEP, left))

    def _take(self) -> list[Request[T, R]]:
        group = [self._waiting.popleft()]
        size = len(group[0].rows)
        while self._waiting and size + len(self._waiting[0].rows) <= self._rows:
            group.append(self._waiting.popleft())
            size += len(group[-1].rows)
        self._depth -= size
        return group

    async def _commit(self, group: list[Request[T, R]]) -> None:
        try:
            results = await self._write([row for request in group for row in request.rows])
        except Exception as error:
            if len(group) == 1 or isinstance(error, NotReady):
                for request in group:
                    _refuse(request, error)
            else:
                for request in group:
                    await self._commit([request])
            return
        start = 0
        for request in group:
            end = start + len(request.rows)
            if not request.answer.done():
                request.answer.set_result(results[start:end])
            start = end


def _refuse(request: Request[T, R], error: Exception) -> None:
    if not request.answer.done():
        request.answer.set_exception(error)
        # Whoever hung up does not fetch it; that is no reason to complain.
        request.answer.exception()
