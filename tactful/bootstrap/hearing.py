"""Live sessions, and what is heard from their audiences."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.bootstrap.reaching import IN_PROCESS
from tactful.bootstrap.running import Running, named
from tactful.facts.audiences import LiveSession, Signal
from tactful.kernel.errors import BadInput, TactfulError
from tactful.predict.anomaly import usual
from tactful.sense import limits, sessions
from tactful.sense import signals as incoming
from tactful.store.database import AsyncConnection
from tactful.store.described import live_sessions, organisations
from tactful.store.running import audit
from tactful.store.sensed.signals import Counted

STATES = ("planned", "live", "ended")


class Hearing(Running):
    """Live sessions: said to be, started, heard, ended."""

    async def hear(self, organisation: str, told: Sequence[Signal]) -> list[Counted]:
        """Count signals of one live audience: what became of each, answered after the commit.

        raises: BadInput naming the first field that does not fit; NotFound for a session nobody knows; Conflict for one
        that has ended. Then none of them is counted.
        """
        named(organisation)
        told = incoming.batch(told, now=self.clock.now())
        if len({each.session for each in told}) > 1:
            raise BadInput("These are signals of several sessions; send those of each apart.", fields=["session_id"])
        counted: list[Counted] = []
        for result in await self.signals.submit([(organisation, each) for each in told]):
            if isinstance(result, TactfulError):
                raise result
            counted.append(result)
        return counted

    async def add_live_session(
        self, organisation: str, told: LiveSession, *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Say that there will be a live session. raises: BadInput; Conflict where there is one of that name."""
        self._fit(organisation, told)
        async with self.database.service() as connection:
            await organisations.ensure(connection, organisation)
            whose = await organisations.number(connection, organisation)
            row = await live_sessions.add(connection, whose, told)
            await _note(connection, organisation, actor, "create live session", told.id, mode=told.mode)
        return row

    async def change_live_session(
        self, organisation: str, told: LiveSession, *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Replace what is said of a live session, its agenda too. raises: BadInput, NotFound."""
        self._fit(organisation, told)
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            row = await live_sessions.change(connection, whose, told)
            await _note(connection, organisation, actor, "change live session", told.id, mode=told.mode)
        return row

    async def switch_live_session(
        self, organisation: str, session_id: str, mode: str, *, actor: str = IN_PROCESS
    ) -> dict[str, Any]:
        """Say what may be done in a live session without asking; it may be running. raises: BadInput, NotFound."""
        named(organisation)
        limits.name(session_id, "session_id")
        sessions.mode(mode)
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            row = await live_sessions.switch(connection, whose, session_id, mode)
            await _note(connection, organisation, actor, "switch live session", session_id, mode=mode)
        return row

    async def start_live_session(
        self,
        organisation: str,
        session_id: str,
        *,
        started_at: datetime | None = None,
        actor: str = IN_PROCESS,
    ) -> dict[str, Any]:
        """Begin to listen; twice is once. started_at: when it began, up to 12 hours ago; now when left out.

        raises: BadInput, NotFound; Conflict where it has ended.
        """
        named(organisation)
        limits.name(session_id, "session_id")
        now = self.clock.now()
        at = now if started_at is None else sessions.begun(started_at, now=now)
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            row = await live_sessions.start(connection, whose, session_id, at=at, usual=_usually)
            await _note(connection, organisation, actor, "start live session", session_id)
        return row

    async def end_live_session(self, organisation: str, session_id: str, *, actor: str = IN_PROCESS) -> dict[str, Any]:
        """Stop listening; twice is once. raises: BadInput, NotFound; Conflict where it never started."""
        named(organisation)
        limits.name(session_id, "session_id")
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            row = await live_sessions.end(connection, whose, session_id, at=self.clock.now())
            await _note(connection, organisation, actor, "end live session", session_id)
        return row

    async def live_session(self, organisation: str, session_id: str) -> dict[str, Any]:
        """A live session as known now. raises: BadInput, NotFound."""
        named(organisation)
        limits.name(session_id, "session_id")
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            return await live_sessions.read(connection, whose, session_id)

    async def live_sessions(
        self,
        organisation: str,
        *,
        event_id: str | None = None,
        state: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> list[dict[str, Any]]:
        """Live sessions, newest first. state: planned, live or ended. raises: BadInput, NotFound."""
        named(organisation)
        if event_id is not None:
            limits.name(event_id, "event_id")
        limits.whole(limit, "limit", 1, 200)
        limits.whole(offset, "offset", 0, limits.LARGEST_COUNT)
        async with self.database.service() as connection:
            whose = await organisations.number(connection, organisation)
            return await live_sessions.several(
                connection, whose, event_id=event_id, state=state, limit=limit, offset=offset
            )

    def _fit(self, organisation: str, told: LiveSession) -> None:
        named(organisation)
        sessions.session(told, now=self.clock.now())


async def _note(
    connection: AsyncConnection, organisation: str, actor: str, act: str, session_id: str, **more: Any
) -> None:
    detail = {"session": session_id, **more}
    await audit.write(connection, organisation=organisation, actor=actor, act=act, detail=detail)


def _usually(levels: Sequence[float]) -> tuple[float, float]:
    found = usual(levels)
    return found.mean, found.spread
