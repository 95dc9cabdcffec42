"""Everybody who looks on at live sessions in this process: one subscription to Valkey, one look a second.

What is to be read comes from the database alone, whichever process wrote it; what rooms are told only says when to
look. So whoever comes back is told what they missed, and with Valkey away everything goes on, a little later. Figures
come from what rooms are told; while Valkey is away, from the stretches that were written.
"""

import asyncio
from datetime import timedelta
from weakref import WeakKeyDictionary

import structlog
from msgspec import DecodeError, Struct
from msgspec.json import Decoder

from tactful.bootstrap import Engine
from tactful.console.now import frames
from tactful.console.now.reader import OUT, STOP, Reader
from tactful.console.now.scene import Figures, Scene
from tactful.kernel.errors import NotReady, TactfulError
from tactful.store.database import REFUSED
from tactful.store.running.listener import Listener, end

log = structlog.get_logger("tactful.console")

# How often the database is looked at, and how soon when something has happened; figures are told as often [s].
LOOK, SOON, TICK = 1.0, 0.15, 0.1
# Things are looked for so long before the last look: what was noticed is dated by when it began [s].
OVERLAP = timedelta(seconds=120)
# For so long the curves go back.
HISTORY = timedelta(minutes=15)
# Nobody may look on for so long before the organisation is let go of; a page is opened again within that [s].
REMEMBERED = 20.0
# Said when nothing else was, so that connections are seen to stand; every so many looks.
HEARTBEAT, EVERY = b": here\n\n", 15
# What says that something is to be seen.
HINTS = {"anomaly", "suggestion", "suggestion_closed", "intervention", "outcome", "poll_closed"}
FAILED: tuple[type[Exception], ...] = (TactfulError, *REFUSED)


class Heard(Struct):
    """What a room was told, as far as it matters here."""

    type: str


class Engaged(Struct):
    """What a room was told of its engagement."""

    type: str
    data: Figures


KIND, ENGAGED = Decoder(Heard), Decoder(Engaged)


class Lookout:
    """Everybody who looks on in this process. Starts with the first of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._scenes: dict[str, Scene] = {}
        self._by_number: dict[int, Scene] = {}
        self._starting = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._soon = asyncio.Event()
        self._ticking = False
        # What does not answer just now.
        self._away = {"valkey": False, "database": False}
        self.stopped = False

    async def enter(self, reader: Reader) -> Scene:
        """Let somebody look on at their organisation. raises: NotReady."""
        await self._start()
        organisation = reader.operator.organisation
        scene = self._scenes.get(organisation)
        if scene is None:
            scene = self._scenes[organisation] = Scene(organisation, now=self._engine.clock.now() - OVERLAP)
        scene.readers.add(reader)
        scene.empty_since = None
        return scene

    async def welcome(self, scene: Scene, reader: Reader, *, since: str) -> bytes:
        """What somebody is told who has just come. since: the id of what they heard last, or of when they looked."""
        now = self._engine.clock.now()
        asked = frames.since(since, now) - OVERLAP
        found = await self._engine.happening(scene.organisation, since=asked)
        names = [row["session_id"] for row in found["sessions"]]
        heard = await self._engine.heard_lately(scene.organisation, names, since=now - HISTORY)
        # Marks go as far back as the curves do, however lately the page was made.
        marked = await self._engine.happening(scene.organisation, since=now - HISTORY, kinds=("anomaly",))
        await self._look(scene)
        changed = frames.changes(found["changes"], may=reader.may, id=frames.cursor(found["at"]))
        return self._state() + frames.history(heard, marked["changes"], found["sessions"]) + scene.whole() + changed

    def leave(self, scene: Scene, reader: Reader) -> None:
        """Let somebody go."""
        scene.readers.discard(reader)
        if not scene.readers:
            scene.empty_since = asyncio.get_running_loop().time()

    async def stop(self) -> None:
        """End all streams: whoever comes back finds the next process."""
        self.stopped = True
        for scene in self._scenes.values():
            for reader in list(scene.readers):
                reader.end(STOP)
        if self._looking is not None:
            await end(self._looking)
            await self._listener.stop()

    async def _start(self) -> None:
        async with self._starting:
            if self.stopped:
                raise NotReady("The server stops; look again in a moment.")
            if self._looking is not None:
                return
            self._listener = Listener(self._engine.valkey, heard=self._heard, lost=self._soon.set, away=self._valkey)
            await self._listener.start()
            self._looking = asyncio.create_task(self._keep_looking())
            self._engine.before_close(self.stop)

    def _heard(self, number: int, raw: bytes) -> None:
        scene = self._by_number.get(number)
        if scene is None:
            return
        try:
            told = KIND.decode(raw).type
            if told == "engagement":
                self._tick_soon(scene.hear(number, ENGAGED.decode(raw).data))
            elif told in HINTS:
                self._soon.set()
        except DecodeError:
            log.warning("a message that nobody understands", room=number)

    def _tick_soon(self, news: bool) -> None:
        """Tell figures a moment later, together with those that come meanwhile."""
        if news and not self._ticking:
            self._ticking = True
            asyncio.get_running_loop().call_later(TICK, self._tick)

    def _tick(self) -> None:
        self._ticking = False
        for scene in self._scenes.values():
            scene.tick()

    def _valkey(self, away: bool) -> None:
        self._tell_state("valkey", away)

    def _tell_state(self, what: str, away: bool) -> None:
        if self._away[what] != away:
            self._away[what] = away
            for scene in self._scenes.values():
                scene.tell(self._state())

    def _state(self) -> bytes:
        return frames.json("state", self._away)

    async def _keep_looking(self) -> None:
        looks = 0
        while True:
            await self._pause()
            looks += 1
            try:
                await self._end_what_is_over()
                for scene in list(self._scenes.values()):
                    await self._look(scene)
                    if looks % EVERY == 0:
                        scene.tell(HEARTBEAT)
                await self._forget()
                self._tell_state("database", False)
            except FAILED as error:
                self._tell_state("database", True)
                log.warning("live sessions could not be looked at", error=type(error).__name__)
            except Exception as error:
                log.error("unforeseen", kind=type(error).__name__, exc_info=error)

    async def _pause(self) -> None:
        """Until it is time for the next look, or a moment after something has happened."""
        try:
            async with asyncio.timeout(LOOK):
                await self._soon.wait()
            await asyncio.sleep(SOON)
        except TimeoutError:
            pass
        self._soon.clear()

    async def _look(self, scene: Scene) -> None:
        async with scene.looking:
            found = await self._engine.happening(scene.organisation, since=scene.looked_at - OVERLAP)
            before = set(scene.numbers)
            scene.look(found)
            await self._subscribe(scene, before)
        self._tick_soon(True)

    async def _subscribe(self, scene: Scene, before: set[int]) -> None:
        now = set(scene.numbers)
        for number in sorted(now - before):
            self._by_number[number] = scene
            await self._listener.enter(number)
        for number in sorted(before - now):
            self._by_number.pop(number, None)
            await self._listener.leave(number)

    async def _end_what_is_over(self) -> None:
        """End streams whose operator is signed out, shut out, or may do something else now."""
        readers = [reader for scene in self._scenes.values() for reader in scene.readers if not reader.ended]
        if readers:
            known = await self._engine.still_signed_in({reader.operator for reader in readers})
            for reader in (each for each in readers if each.operator not in known):
                reader.end(OUT)

    async def _forget(self) -> None:
        """Let go of organisations that nobody has looked on at for a while."""
        clock = asyncio.get_running_loop().time()
        for scene in list(self._scenes.values()):
            if scene.empty_since is not None and clock - scene.empty_since > REMEMBERED:
                del self._scenes[scene.organisation]
                numbers, scene.numbers = set(scene.numbers), {}
                await self._subscribe(scene, numbers)


_lookouts: WeakKeyDictionary[Engine, Lookout] = WeakKeyDictionary()


def lookout(engine: Engine) -> Lookout:
    """The one of this engine."""
    return _lookouts.setdefault(engine, Lookout(engine))
