"""Why, and why not."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.risk import DecisionOut, ExplainedOut
from tactful.api.schemas.wire import Name, WrittenAt, shown
from tactful.kernel.errors import NotFound


async def read_decision(
    call: Caller, decision_id: Annotated[int, Path(ge=1, le=2**63 - 1, alias="id")]
) -> ExplainedOut:
    """One row of the decision ledger, in plain words: about a person, or about a live session."""
    row = await call.engine.explain_decision(call.organisation, decision_id)
    return _told(row, person=row.get("external_id"), stored=True, decision=row)


async def explain_person(
    call: Caller,
    person: Annotated[Name, Path(alias="id")],
    at: Annotated[WrittenAt | None, Query(description="The instant in question; now when left out.")] = None,
) -> ExplainedOut:
    """Why a person was or was not reached at an instant, also where silence was not stored."""
    asked: datetime | None = at
    story = await call.engine.explain(call.organisation, person, call.instant(asked, field="at"))
    return _told(story, person=person, stored=story["stored"], decision=story["decision"])


def _told(story: dict[str, Any], *, person: str | None, stored: bool, decision: dict[str, Any] | None) -> ExplainedOut:
    chosen = None if decision is None else {name: decision[name] for name in DecisionOut.model_fields}
    return ExplainedOut(
        id=None if decision is None else decision.get("id"),
        user_id=None if person is None else shown(person),
        session_id=shown(story["session_id"]) if person is None else None,
        at=story["at"],
        stored=stored,
        words=story["words"],
        decision=None if chosen is None else DecisionOut(**chosen),
    )


ROUTES = (
    Address("GET", "/api/v1/decisions/{id}", read_decision, "decisions", READERS, raises=(NotFound,)),
    Address("GET", "/api/v1/people/{id}/explain", explain_person, "decisions", READERS, raises=(NotFound,)),
)
