"""Stop reaching people at once, and go on."""

from typing import Annotated, Literal

from fastapi import Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.offices import PauseIn, PauseOut, PausesOut, ResumedOut
from tactful.api.schemas.wire import Name
from tactful.kernel.errors import NotFound

MANAGERS = frozenset({ORGANISER, ADMIN})
Scope = Literal["organisation", "kind", "channel"]
Mode = Literal["pause", "shadow"]


async def list_pauses(call: Caller) -> PausesOut:
    """Everything that is paused now, oldest first."""
    rows = await call.engine.pauses(call.organisation)
    return PausesOut(pauses=[PauseOut(**row) for row in rows])


async def pause(call: Caller, body: PauseIn) -> PauseOut:
    """Stop at once: the whole organisation, one kind of intervention or one channel. Twice is one pause."""
    row = await call.engine.pause(
        call.organisation,
        scope=body.scope,
        name=body.name or "",
        mode=body.mode,
        actor=call.actor,
        reason=body.reason,
    )
    return PauseOut(**row)


async def resume(
    call: Caller,
    scope: Annotated[Scope, Query()],
    name: Annotated[Name | None, Query()] = None,
    mode: Annotated[Mode, Query()] = "pause",
) -> ResumedOut:
    """End a pause."""
    told = await call.engine.resume(call.organisation, scope=scope, name=name or "", mode=mode, actor=call.actor)
    return ResumedOut(**told)


ROUTES = (
    Address("GET", "/api/v1/pauses", list_pauses, "pauses", READERS),
    Address("POST", "/api/v1/pauses", pause, "pauses", MANAGERS),
    Address("DELETE", "/api/v1/pauses", resume, "pauses", MANAGERS, raises=(NotFound,)),
)
