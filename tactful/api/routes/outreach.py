"""Outreach that is asked for: to be said at a good hour, if nothing stands against it."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.outreach import AskedOut, OutreachIn, OutreachListOut, OutreachOut
from tactful.api.schemas.wire import LARGEST, Name, shown
from tactful.kernel.errors import Conflict, NotFound

Status = Literal["scheduled", "chosen", "folded", "expired", "cancelled"]
WRITERS = frozenset({SERVICE, ORGANISER, ADMIN})


async def request_outreach(call: Caller, body: OutreachIn) -> AskedOut:
    """Ask for something to be said to a person, from `scheduled_time` on, at one of their good hours.

    Whether it is said is decided like anything else: guard rails and caps hold, the most valuable wins, and several
    small things go out as one digest.
    """
    row = await call.engine.request_outreach(
        call.organisation,
        str(body.user_id),
        body.outreach_type,
        priority_score=body.priority_score,
        context_data=body.context_data,
        scheduled_time=body.scheduled_time,
        expires_at=body.expires_at,
        external_id=None if body.id is None else str(body.id),
        trigger=call.actor,
    )
    return AskedOut(**_told(row))


async def list_outreach(
    call: Caller,
    user_id: Annotated[Name | None, Query(description="Only theirs.")] = None,
    status: Annotated[Status | None, Query(description="Only what has come so far.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    before: Annotated[int | None, Query(ge=1, le=LARGEST)] = None,
) -> OutreachListOut:
    """What was asked for, latest first, and what became of it."""
    person = None if user_id is None else str(user_id)
    told = await call.engine.outreach(call.organisation, person=person, status=status, limit=limit, before=before)
    return OutreachListOut(outreach=[OutreachOut(**_told(row)) for row in told["outreach"]], next=told["next"])


async def cancel_outreach(call: Caller, number: Annotated[int, Path(alias="id", ge=1, le=LARGEST)]) -> OutreachOut:
    """Take back what still waits."""
    return OutreachOut(**_told(await call.engine.cancel_outreach(call.organisation, number, actor=call.actor)))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "user_id": shown(row["user_id"])}


ROUTES = (
    Address("POST", "/api/v1/outreach", request_outreach, "outreach", WRITERS, raises=(NotFound, Conflict)),
    Address("GET", "/api/v1/outreach", list_outreach, "outreach", READERS, raises=(NotFound,)),
    Address("DELETE", "/api/v1/outreach/{id}", cancel_outreach, "outreach", WRITERS, raises=(NotFound, Conflict)),
)
