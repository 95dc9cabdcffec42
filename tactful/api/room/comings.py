"""Who comes to live rooms and who leaves them, made into signals from the connections of participants.

Somebody has come with their first connection, and left once their last one, to whichever process, has been gone for a
while: whoever loads the page anew was there all the time.
"""

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from tactful.bootstrap import Engine
from tactful.facts.audiences import Signal
from tactful.kernel.errors import NotReady, TactfulError
from tactful.sense.signals import MOST_SIGNALS
from tactful.store.database import AWAY
from tactful.store.running.attendance import Attendance, Member

log = structlog.get_logger("tactful.rooms")

# What is not there just now, and may be in a second.
LATER: tuple[type[Exception], ...] = (NotReady, *AWAY)
# How often this process says that it is there, and looks for those that are not any more [s].
BEAT = 5.0


class Coming(NamedTuple):
    """Somebody came or left, at a time."""

    member: Member
    kind: str
    at: datetime


class Comings:
    """Those of one process. name: its own; grace: how long somebody may be gone."""

    def __init__(self, engine: Engine, *, name: str, grace: timedelta) -> None:
        self._engine = engine
        self._name = name
        self._grace = grace
        self._attendance = Attendance(engine.valkey, name)
        self._here: set[Member] = set()
        self._leaving: dict[Member, datetime] = {}
        self._untold: list[Coming] = []
        self._number = 0
        self._beat_at = float("-inf")

    def came(self, member: Member) -> None:
        """Somebody connected who was not connected here."""
        back = self._leaving.pop(member, None) is not None
        self._here.add(member)
        if not back:
            self._untold.append(Coming(member, "join", self._engine.clock.now()))

    def went(self, member: Member) -> None:
        """Somebody is not connected here any more."""
        self._here.discard(member)
        self._leaving[member] = self._engine.clock.now()

    async def tell(self) -> None:
        """Tell what is to be told by now; what could not be stored is told the next time."""
        now = self._engine.clock.now()
        await self._beat(now)
        await self._attendance.came([each.member for each in self._untold if each.kind == "join"])
        over = [member for member, at in self._leaving.items() if at + self._grace <= now]
        at = {member: self._leaving.pop(member) for member in over}
        gone = await self._known(await self._attendance.went(over, now.timestamp()))
        told, self._untold = [*self._untold, *(Coming(member, "leave", at[member]) for member in gone)], []
        for chunk in _by_session(told):
            try:
                await self._engine.hear(chunk[0].member[0], [self._signal(each) for each in chunk])
            except LATER:
                self._untold += chunk
            except TactfulError as error:
                # Of a session that has ended, or was never there: nobody wants to know.
                log.info("not heard", session=chunk[0].member[1], error=error.name)

    async def _known(self, gone: list[Member]) -> list[Member]:
        """Those whose leaving means something: who was erased while they were here left no trace, and leaves none."""
        coming = {each.member for each in self._untold}
        try:
            known = set(await self._engine.still_known([each for each in gone if each not in coming]))
        except LATER:
            return gone
        return [each for each in gone if each in known | coming]

    async def _beat(self, now: datetime) -> None:
        clock = asyncio.get_running_loop().time()
        if clock - self._beat_at < BEAT:
            return
        self._beat_at = clock
        if not await self._attendance.beat(now.timestamp()):
            # New here, or taken for dead and taken over: those who are here have come, again.
            waiting = {each.member for each in self._untold}
            self._untold += [Coming(member, "join", now) for member in sorted(self._here - waiting)]
        orphans = await self._attendance.orphans(now.timestamp())
        self._untold += [Coming(member, "leave", now) for member in orphans]

    def _signal(self, told: Coming) -> Signal:
        self._number += 1
        _, session, participant = told.member
        return Signal(f"{told.kind}:{self._name}:{self._number}", session, told.kind, told.at, participant)


def _by_session(told: Iterable[Coming]) -> list[list[Coming]]:
    by_session: dict[tuple[str, str], list[Coming]] = {}
    for each in told:
        by_session.setdefault(each.member[:2], []).append(each)
    return [
        several[start : start + MOST_SIGNALS]
        for several in by_session.values()
        for start in range(0, len(several), MOST_SIGNALS)
    ]
