"""Stop reaching people at once, and go on."""

from typing import Annotated, Literal

from fastapi import Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE
from tactful.api.call import Call, Caller
from tactful.api.routes.preferences import CHANNELS
from tactful.api.routes.risk import READERS
from tactful.api.schemas.offices import PauseIn, PauseOut, PausesOut, ResumedOut
from tactful.api.schemas.wire import Name
from tactful.decide.kinds import KINDS
from tactful.kernel.errors import BadInput, NotFound
from tactful.store import pauses

MANAGERS = frozenset({SERVICE, ORGANISER, ADMIN})
Scope = Literal["organisation", "kind", "channel"]
Mode = Literal["pause", "shadow"]


async def list_pauses(call: Caller) -> PausesOut:
    """Everything that is paused now, oldest first."""
    async with call.engine.database.acting_as(call.office()) as connection:
        rows = await pauses.standing(connection)
    return PausesOut(pauses=[PauseOut(**row) for row in rows])


async def pause(call: Caller, body: PauseIn) -> PauseOut:
    """Stop at once: the whole organisation, one kind of intervention or one channel. Twice is one pause."""
    name = _name(body.scope, body.name)
    row = await call.engine.pause(
        call.organisation, scope=body.scope, name=name, mode=body.mode, actor=call.actor, reason=body.reason
    )
    return PauseOut(**row)


async def resume(
    call: Caller,
    scope: Annotated[Scope, Query()] = "organisation",
    name: Annotated[Name | None, Query()] = None,
    mode: Annotated[Mode, Query()] = "pause",
) -> ResumedOut:
    """End a pause."""
    named = _name(scope, name)
    return ResumedOut(**await _end(call, scope, named, mode))


async def _end(call: Call, scope: Scope, name: str, mode: Mode) -> dict[str, str | bool]:
    return await call.engine.resume(call.organisation, scope=scope, name=name, mode=mode, actor=call.actor)


def _name(scope: Scope, name: str | None) -> str:
    known = {"kind": [kind.name for kind in KINDS], "channel": list(CHANNELS)}.get(scope, [])
    if scope == "organisation" and name is not None:
        raise BadInput("name: a pause of the organisation has none; leave it out.", fields=["name"])
    if scope != "organisation" and name not in known:
        raise BadInput(f"name: say which {scope}; known are {', '.join(known)}.", fields=["name"])
    return name or ""


ROUTES = (
    Address("GET", "/api/v1/pauses", list_pauses, "pauses", READERS),
    Address("POST", "/api/v1/pauses", pause, "pauses", MANAGERS),
    Address("DELETE", "/api/v1/pauses", resume, "pauses", MANAGERS, raises=(NotFound,)),
)
