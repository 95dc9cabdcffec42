"""One subscription to all rooms that a process holds, which finds its way back by itself."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import structlog

from tactful.store.running.limits import AWAY
from tactful.store.running.rooms import CHANNEL

log = structlog.get_logger("tactful.rooms")

# How long nothing may be heard from Valkey before it is asked, and before it counts as gone [s].
QUIET, GONE = 3.0, 8.0
# How long to wait before the next try to reach it: at first, and at most [s].
FIRST, LAST = 0.1, 2.0
Heard = Callable[[int, bytes], None]


class Listener:
    """Hears what is told to the rooms that were entered.

    heard: called with the number of the room and the message. lost: called when messages may have been missed, once
    they are heard again. away: called with True when Valkey does not answer, and with False once it does again.
    """

    def __init__(
        self, valkey: Any, *, heard: Heard, lost: Callable[[], None], away: Callable[[bool], None] = lambda _: None
    ) -> None:
        self._valkey = valkey
        self._heard = heard
        self._lost = lost
        self._away = away
        self._rooms: set[int] = set()
        self._pubsub: Any = None
        self._saying = asyncio.Lock()
        # Whether something was missed since the rooms were last heard of, and those that are again.
        self._missed = False
        self._heard_of: set[int] = set()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._keep_listening())

    async def stop(self) -> None:
        """Listen no more."""
        if self._task is not None:
            await end(self._task)

    async def enter(self, room: int) -> None:
        """Hear what is told to this room, from now on or as soon as Valkey is there."""
        self._rooms.add(room)
        await self._say("subscribe", [room])

    async def leave(self, room: int) -> None:
        """Do not hear of this room any more."""
        self._rooms.discard(room)
        await self._say("unsubscribe", [room])

    async def _say(self, what: str, rooms: Iterable[int]) -> None:
        channels = [f"{CHANNEL}{room}" for room in sorted(rooms)]
        if self._pubsub is not None and channels:
            # Where it fails, whoever listens notices too, and begins anew with all rooms.
            with suppress(*AWAY):
                # One after the other: a room may be entered again as it is left.
                async with self._saying:
                    await getattr(self._pubsub, what)(*channels)

    async def _keep_listening(self) -> None:
        wait = FIRST
        while True:
            try:
                async with self._valkey.pubsub() as pubsub:
                    async with asyncio.timeout(GONE):
                        await pubsub.connect()
                    # The library may find its way back by itself, and say nothing of what was missed.
                    pubsub.connection.register_connect_callback(self._found_back)
                    self._pubsub = pubsub
                    await self._say("subscribe", self._rooms)
                    self._away(False)
                    wait = FIRST
                    await self._listen(pubsub)
            except AWAY as error:
                self._away(True)
                log.warning("Valkey is away; rooms hear what stands once a second", error=type(error).__name__)
            finally:
                self._pubsub = None
                self._missed, self._heard_of = self._missed or bool(self._rooms), set()
            await asyncio.sleep(wait)
            wait = min(2 * wait, LAST)

    async def _found_back(self, _: Any) -> None:
        self._missed, self._heard_of = self._missed or bool(self._rooms), set()

    def _take(self, told: dict[str, Any]) -> None:
        if told["type"] not in ("message", "subscribe"):
            return
        room = int(told["channel"].rpartition(b":")[2])
        if told["type"] == "message":
            self._heard(room, told["data"])
            return
        self._heard_of.add(room)
        # Only now nothing more is missed.
        if self._missed and self._heard_of >= self._rooms:
            self._missed = False
            self._lost()

    async def _listen(self, pubsub: Any) -> None:
        """Hear until it breaks. raises: what says so."""
        clock = asyncio.get_running_loop().time
        last = clock()
        while True:
            if not pubsub.subscribed:
                # Nobody is in any room here; there is nothing to read until somebody is.
                await asyncio.sleep(FIRST)
                last = clock()
                continue
            told = await pubsub.get_message(timeout=QUIET)
            if told is not None:
                last = clock()
                self._take(told)
            elif clock() - last > GONE:
                raise TimeoutError
            else:
                await pubsub.ping()


async def end(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait until it has ended; once more where somebody took its cancellation for a timeout."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1)
