"""Listen to live sessions, second by second, until told to stop.

Any number of processes may do so; each holds a share of the sessions. Two things go on side by side: renewing the hold,
and the seconds. Neither ends for an error; what a second could not write, the next one does.
"""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.running import partitions
from tactful.store.running.rooms import PATIENCE
from tactful.uses.rooms.second import Holder

log = logging.getLogger(__name__)

# How often a hold is renewed [s]; it lasts four times as long.
RENEW = partitions.HOLD / 4
# How often it is looked whether something can be said to have come of what was done [s].
SETTLE = 5.0
# How far into a second it is looked at, so that what was sent in the last one is there [s].
LATE = 0.05


async def listen(engine: Engine, stop: asyncio.Event) -> None:
    """Listen until `stop` is set; what is held is given back then, so that others go on at once."""
    holder = engine.holder()
    await _until(stop, lambda: asyncio.to_thread(holder.prepare), pause=1.0, once=True)
    tasks = [
        asyncio.create_task(_until(stop, lambda: asyncio.to_thread(holder.hold), pause=RENEW)),
        asyncio.create_task(_seconds(engine, holder, stop)),
        asyncio.create_task(_until(stop, engine.publish, pause=1.0)),
        asyncio.create_task(_until(stop, engine.settle_live, pause=SETTLE)),
    ]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        with suppress(Exception):
            await asyncio.to_thread(holder.part)


@dataclass
class Telling:
    """Telling while a second lasts. What could not be told lies in the outbox, and nothing else waits for it."""

    failing: int = 0

    async def of(self, work: Awaitable[None]) -> None:
        """Do it, unless Valkey takes longer than PATIENCE."""
        try:
            async with asyncio.timeout(PATIENCE):
                await work
            self.failing = 0
        except Exception as error:
            self.failing += 1
            if self.failing == 1 or self.failing % 60 == 0:
                log.warning("Live sessions cannot be told of just now, which is made up for: %r", error)


async def _seconds(engine: Engine, holder: Holder, stop: asyncio.Event) -> None:
    failing, acts, scores = 0, Telling(), Telling()
    while not stop.is_set():
        now = engine.clock.now()
        await _wait(stop, 1 + LATE - now.timestamp() % 1)
        if stop.is_set():
            return
        try:
            done = await asyncio.to_thread(holder.second, engine.clock.now(), await engine.live_deciding())
            await acts.of(engine.tell(done))
            await asyncio.to_thread(holder.keep, done.told)
            await scores.of(engine.tell_engagement(done))
            failing = 0
        except Exception:
            failing += 1
            if failing in (1, 10) or failing % 60 == 0:
                log.exception("A second of live sessions could not be finished; the next one makes up for it.")


async def _until(stop: asyncio.Event, work: Any, *, pause: float, once: bool = False) -> None:
    failing = 0
    while not stop.is_set():
        try:
            await work()
            failing = 0
            if once:
                return
        except Exception as error:
            failing += 1
            if failing == 1 or failing % 60 == 0:
                log.warning("Live sessions: %r", error)
        await _wait(stop, pause)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), max(0.0, seconds))
