"""Live sessions: said to be, started, heard, ended."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE, VIEWER
from tactful.api.call import SPEAKERS, Call, Caller
from tactful.api.schemas.live import (
    DescriptionIn,
    SessionIn,
    SessionOut,
    SessionsOut,
    SignalIn,
    SignalsIn,
    SignalsOut,
    StartIn,
    State,
    sessions_out,
)
from tactful.api.schemas.wire import Name
from tactful.facts.audiences import Item, LiveSession, Signal
from tactful.kernel.errors import Conflict, NotAllowed, NotFound
from tactful.store.sensed.signals import Counted

SessionId = Annotated[Name, Path(alias="id")]
# Who runs an event: its own programs, and organisers.
RUNNERS = frozenset({SERVICE, ORGANISER, ADMIN})
READERS = RUNNERS | {VIEWER}
NOW = StartIn()


async def add_live_session(call: Caller, body: SessionIn) -> SessionOut:
    """Say that there will be a live session. It is listened to once it has been started."""
    return sessions_out(
        await call.engine.add_live_session(call.organisation, _told(body.session_id, body), actor=call.actor)
    )


async def list_live_sessions(
    call: Caller,
    event_id: Annotated[Name | None, Query()] = None,
    state: Annotated[State | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> SessionsOut:
    """Live sessions, newest first."""
    found = await call.engine.live_sessions(
        call.organisation, event_id=event_id, state=state, limit=limit, offset=offset
    )
    return SessionsOut(sessions=[sessions_out(row) for row in found])


async def get_live_session(call: Caller, session_id: SessionId) -> SessionOut:
    """A live session as known now."""
    return sessions_out(await call.engine.live_session(call.organisation, session_id))


async def change_live_session(call: Caller, session_id: SessionId, body: DescriptionIn) -> SessionOut:
    """Replace what is said of a live session, its agenda and mode too; it may be running."""
    return sessions_out(
        await call.engine.change_live_session(call.organisation, _told(session_id, body), actor=call.actor)
    )


async def start_live_session(call: Caller, session_id: SessionId, body: StartIn = NOW) -> SessionOut:
    """Begin to listen. Starting twice is one start.

    Where it began before, `started_at` says when; tell what was heard since, with its times, before you start it.
    """
    return sessions_out(
        await call.engine.start_live_session(
            call.organisation, session_id, started_at=body.started_at, actor=call.actor
        )
    )


async def end_live_session(call: Caller, session_id: SessionId) -> SessionOut:
    """Stop listening. Ending twice is one end; signals that were on their way are counted for five minutes more.

    A session that nobody ends is ended by itself after `live.longest_hours`, or so long after its planned end.
    """
    return sessions_out(await call.engine.end_live_session(call.organisation, session_id, actor=call.actor))


async def send_signals(call: Caller, session_id: SessionId, body: SignalsIn) -> SignalsOut:
    """Tell what the audience did. A person's token speaks for that person alone; answered once it is stored."""
    told = [signal(call, session_id, each, f"signals.{number}") for number, each in enumerate(body.signals)]
    return counted(await call.engine.hear(call.organisation, told))


def counted(told: Sequence[Counted]) -> SignalsOut:
    """What became of signals, in numbers."""
    return SignalsOut(
        accepted=told.count(Counted.NEW),
        duplicate=told.count(Counted.KNOWN),
        outside=told.count(Counted.OUTSIDE),
    )


def _told(session_id: str, body: DescriptionIn) -> LiveSession:
    return LiveSession(
        id=session_id,
        event_id=body.event_id,
        title=body.title,
        topic=body.topic,
        language=body.language,
        mode=body.mode,
        starts_at=body.starts_at,
        ends_at=body.ends_at,
        agenda=[Item(item.kind, item.starts_at, item.ends_at, item.title) for item in body.agenda],
    )


def signal(call: Call, session_id: str, told: SignalIn, path: str) -> Signal:
    """A signal as the engine takes it. path: how errors call it. raises: BadInput, NotAllowed."""
    return Signal(
        id=told.id,
        session=session_id,
        kind=told.kind,
        at=told.at or call.at,
        participant=_participant(call, told, path),
        count=told.count,
        value=told.value,
        properties=told.properties,
    )


def _participant(call: Call, told: SignalIn, path: str) -> str | None:
    if call.token.scope == SERVICE and told.user_id is None:
        return None
    person = call.person(told.user_id, field=f"{path}.user_id")
    if told.count > 1:
        field = f"{path}.count"
        raise NotAllowed(f"{field} tells of several, so it is for a service's token without user_id.", fields=[field])
    return person


BASE = "/api/v1/live/sessions"
ROUTES = (
    Address("POST", BASE, add_live_session, "live", RUNNERS, raises=(Conflict,)),
    Address("GET", BASE, list_live_sessions, "live", READERS, raises=(NotFound,)),
    Address("POST", f"{BASE}/{{id}}/signals", send_signals, "live", SPEAKERS, raises=(NotFound, Conflict)),
    Address("POST", f"{BASE}/{{id}}/start", start_live_session, "live", RUNNERS, raises=(NotFound, Conflict)),
    Address("POST", f"{BASE}/{{id}}/end", end_live_session, "live", RUNNERS, raises=(NotFound, Conflict)),
    Address("GET", f"{BASE}/{{id}}", get_live_session, "live", READERS, raises=(NotFound,)),
    Address("PUT", f"{BASE}/{{id}}", change_live_session, "live", RUNNERS, raises=(NotFound,)),
)
