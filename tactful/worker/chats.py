"""Hear what people say in chats, until told to stop.

One process hears each chat at a time, so that answers come in the order of questions; another takes over where it dies.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tactful.bootstrap import Engine
from tactful.facts.chats import Chats, Heard
from tactful.kernel.errors import ChannelRefused, NotReady
from tactful.store.alone import alone
from tactful.store.database import away

log = logging.getLogger(__name__)

# How often it is looked whether the process that hears a chat has gone [s].
LOOK = 5.0
# Pauses after something went wrong, doubled each time [s].
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# How often one thing that somebody said is tried before it is passed over: others wait behind it.
TRIES = 3


async def chat(engine: Engine, stop: asyncio.Event) -> None:
    """Hear every chat that is set up until `stop` is set; nothing else ends it."""
    await asyncio.gather(*(_hear_alone(engine, name, stop) for name in engine.chats))


async def _hear_alone(engine: Engine, name: str, stop: asyncio.Event) -> None:
    pause, ear = FIRST_PAUSE, Ear(engine, name, engine.chats[name], stop)
    while not stop.is_set():
        try:
            async with _alone(engine, name) as mine:
                if mine:
                    await ear.listen()
            pause = FIRST_PAUSE
        except ChannelRefused as refused:
            log.warning("%s is not heard just now: %s", name, refused.detail)
            pause = max(refused.after or 0.0, min(2 * pause, LONGEST_PAUSE))
        except Exception as error:
            # Where the other side was cut off, or the database is away: no more than that is to be said of it.
            log.warning("%s is not heard just now: %s", name, type(error).__name__)
            pause = min(2 * pause, LONGEST_PAUSE)
        await _wait(stop, max(pause, LOOK))


@asynccontextmanager
async def _alone(engine: Engine, name: str) -> AsyncIterator[bool]:
    """Hold the lock of a chat, without keeping anybody waiting for the database."""
    holding = alone(engine.database, f"chat {name}")
    mine = await asyncio.to_thread(holding.__enter__)
    try:
        yield mine
    finally:
        await asyncio.to_thread(holding.__exit__, None, None, None)


class Ear:
    """One chat being heard."""

    def __init__(self, engine: Engine, name: str, channel: Chats, stop: asyncio.Event) -> None:
        self._engine, self._name, self._channel, self._stop = engine, name, channel, stop
        self._tries: dict[str, int] = {}

    async def listen(self) -> None:
        """Until told to stop. raises: whatever stands in the way; what was heard and not taken is heard again."""
        await self._channel.prepare()
        while not self._stop.is_set():
            if not self._channel.listens:
                # The other side tells us by itself.
                await _wait(self._stop, LOOK)
                continue
            for each in await self._next():
                await self._take(each)

    async def _next(self) -> list[Heard]:
        place = await self._engine.chat_place(self._name)
        hearing = asyncio.ensure_future(self._channel.hear(place))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({hearing, stopping}, return_when=asyncio.FIRST_COMPLETED)
            return list(await hearing) if hearing.done() else []
        finally:
            for each in (hearing, stopping):
                each.cancel()
            await asyncio.gather(hearing, stopping, return_exceptions=True)

    async def _take(self, heard: Heard) -> None:
        try:
            await self._engine.take_heard(self._name, [heard])
        except ChannelRefused as refused:
            # It was done; they only do not hear of it.
            log.warning("Somebody in %s could not be answered: %s", self._name, refused.detail)
        except Exception as error:
            self._tries[heard.key] = self._tries.get(heard.key, 0) + 1
            if isinstance(error, NotReady) or away(error) or self._tries[heard.key] < TRIES:
                raise
            log.exception("What somebody said in %s is passed over.", self._name)
            await self._engine.pass_over(self._name, heard)
        self._tries.pop(heard.key, None)


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)
