"""The hub of a process: every client of every live room that is connected here.

What is published to a room is passed on as soon as Valkey says so. Once a second the hub looks at all its rooms in one
transaction, tells what it finds new, and so needs no message to have come: with Valkey away, polls open, close and show
results a second later, and nothing else changes.
"""

import asyncio
from datetime import timedelta
from typing import Any

import structlog
from msgspec import DecodeError
from msgspec.json import decode

from tactful.api.room.client import DONE, EXPIRED, RESTART, Client, Ending
from tactful.api.room.comings import Comings
from tactful.api.room.message import Message
from tactful.api.room.room import Room
from tactful.api.room.settings import CLIENTS, CONNECTIONS, GRACE_SECONDS, KEPT, WAITING
from tactful.api.traces import trace
from tactful.bootstrap import Engine
from tactful.kernel import ids
from tactful.kernel.errors import Conflict, NotReady, TactfulError, TooMany
from tactful.store.database import REFUSED
from tactful.store.running.listener import Listener, end

log = structlog.get_logger("tactful.rooms")

LOOK = 1.0
FAILED: tuple[type[Exception], ...] = (TactfulError, *REFUSED)
# Votes are looked for so long before the last look: some commit after others that are younger [s].
OVERLAP = timedelta(seconds=10)
# How long a room is remembered in which nobody is, so that whoever lost the connection can resume [s].
REMEMBERED = 60.0


class Hub:
    """Everybody who is connected to this process. Starts with the first client."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = ids.token(6)
        self.rooms: dict[int, Room] = {}
        self.clients = 0
        self._by_name: dict[tuple[str, str], dict[str, Any]] = {}
        self._number = 0
        self._starting = asyncio.Lock()
        self._looking: asyncio.Task[None] | None = None
        self._stopped = False

    async def find(self, organisation: str, session_id: str) -> dict[str, Any]:
        """A live session as `Engine.room` tells of it; of those that people are in here without asking.

        raises: NotFound; Conflict once it has ended.
        """
        known = self._by_name.get((organisation, session_id))
        found = await self.engine.room(organisation, session_id) if known is None else known
        if found["state"] == "ended":
            raise Conflict(f"The live session {session_id} has ended.", fields=["session_id"])
        return found

    async def enter(
        self, room: dict[str, Any], organisation: str, client: Client, *, since: str | None = None
    ) -> tuple[Room, list[Message]]:
        """Let a client into a room, as `Engine.room` tells of it. since: the id of the last message it was told.

        Answers the room and what the client has missed. raises: TooMany, NotReady.
        """
        await self._start()
        found = self.rooms.get(room["id"]) or await self._open(room, organisation)
        self._room_for(found, client)
        # From here on nothing is awaited: what comes later is pushed to the client, once.
        missed = found.missed(client, since) if since else []
        self.clients += 1
        if found.add(client):
            self._comings.came((organisation, found.session_id, str(client.participant)))
        return found, missed

    async def know(self, room: Room) -> None:
        """Look at a room in which a poll has opened since the last look."""
        async with room.looking:
            if room.open - room.polls.keys():
                now = self.engine.clock.now()
                looked = await self.engine.look_at_rooms([room.number], list(room.open), since=now)
                room.look(looked.polls)

    def leave(self, room: Room, client: Client) -> None:
        """Let a client go."""
        self.clients -= 1
        if room.discard(client, asyncio.get_running_loop().time()):
            self._comings.went((room.organisation, room.session_id, str(client.participant)))

    def client(self, participant: str | None, *, organiser: bool, expires: float) -> Client:
        """A client that is not in any room yet."""
        most = self.engine.settings[WAITING]
        return Client(participant, organiser=organiser, expires=expires, most=most)

    async def stop(self) -> None:
        """End all connections: whoever connects again finds the next process."""
        self._stopped = True
        for room in self.rooms.values():
            for client in list(room.clients):
                client.end(Ending(RESTART, "The server stops; connect again and resume."))
        if self._looking is not None:
            await end(self._looking)
            await self._listener.stop()

    async def _start(self) -> None:
        async with self._starting:
            if self._stopped:
                raise NotReady("The server stops; connect to the next one.")
            if self._looking is not None:
                return
            engine, grace = self.engine, timedelta(seconds=self.engine.settings[GRACE_SECONDS])
            self._comings = Comings(engine, name=self.name, grace=grace)
            self._listener = Listener(engine.valkey, heard=self._heard, lost=self._lost)
            self._looked_at = engine.clock.now()
            await self._listener.start()
            self._looking = asyncio.create_task(self._keep_looking())
            engine.before_close(self.stop)

    async def _open(self, session: dict[str, Any], organisation: str) -> Room:
        kept = self.engine.settings[KEPT]
        room = Room(session, organisation, name=self.name, count=self._count, kept=kept)
        # Subscribed first: what is published while we look is told after it.
        await self._listener.enter(room.number)
        looked = await self.engine.look_at_rooms([room.number], [], since=self.engine.clock.now() - OVERLAP)
        # Somebody else may have opened it meanwhile.
        there = self.rooms.setdefault(room.number, room)
        if there is room:
            room.begin(looked.polls)
            self._by_name[organisation, room.session_id] = session
        return there

    def _room_for(self, room: Room, client: Client) -> None:
        settings = self.engine.settings
        if self.clients >= settings[CLIENTS]:
            raise NotReady("This process has as many connections as it may; try again shortly.")
        others = room.by_participant.get(client.participant or "", ())
        if len(others) >= settings[CONNECTIONS]:
            most = settings[CONNECTIONS]
            raise TooMany(f"You have {most} connections to this room already; close one of them.", seconds=60)

    def _count(self) -> int:
        self._number += 1
        return self._number

    def _heard(self, number: int, raw: bytes) -> None:
        room = self.rooms.get(number)
        if room is None:
            return
        try:
            told = decode(raw)
            room.hear(str(told["type"]), told["data"], told.get("to", "audience"))
        except (DecodeError, KeyError, TypeError, AttributeError):
            log.warning("a message that nobody understands", room=number)

    def _lost(self) -> None:
        for room in self.rooms.values():
            room.resync()

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            try:
                self._end_what_is_over()
                await self._forget_rooms()
                await self._look()
                await self._comings.tell()
            except FAILED as error:
                log.warning("rooms could not be looked at", error=type(error).__name__)
            except Exception as error:
                log.error("unforeseen", exception=trace(error))

    async def _look(self) -> None:
        rooms = {number: room for number, room in self.rooms.items() if room.clients}
        if not rooms:
            return
        known = [poll for room in rooms.values() for poll in room.open]
        since, self._looked_at = self._looked_at - OVERLAP, self.engine.clock.now()
        looked = await self.engine.look_at_rooms(list(rooms), known, since=since)
        whose = {poll["poll_id"]: rooms[poll["live_session_id"]] for poll in looked.polls}
        for poll, participant in looked.voters:
            for client in whose[poll].by_participant.get(participant, ()):
                client.voted.add(poll)
        standing: dict[int, list[dict[str, Any]]] = {}
        for each in looked.polls:
            standing.setdefault(each["live_session_id"], []).append(each)
        for number, room in rooms.items():
            room.look(standing.get(number, []))
            room.tell_sums()
            if number in looked.ended:
                room.end()
            if room.ended:
                self._by_name.pop((room.organisation, room.session_id), None)

    def _end_what_is_over(self) -> None:
        """End connections whose session has ended, or whose token has expired."""
        now = self.engine.clock.now().timestamp()
        for room in self.rooms.values():
            for client in list(room.clients):
                if room.ended:
                    client.end(Ending(DONE, "The session has ended."))
                elif client.expires <= now:
                    client.end(Ending(EXPIRED, "The token has expired; connect again with a new one."))

    async def _forget_rooms(self) -> None:
        """Forget rooms in which nobody has been for a while."""
        clock = asyncio.get_running_loop().time()
        for room in list(self.rooms.values()):
            if room.empty_since is not None and clock - room.empty_since > REMEMBERED:
                del self.rooms[room.number]
                self._by_name.pop((room.organisation, room.session_id), None)
                await self._listener.leave(room.number)
