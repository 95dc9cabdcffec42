"""Why, and why not."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import AwareDatetime

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.risk import Explained
from tactful.api.schemas.wire import Name
from tactful.kernel.errors import NotFound


async def read_decision(call: Caller, decision_id: Annotated[int, Path(ge=1, le=2**63 - 1, alias="id")]) -> Explained:
    """One row of the decision ledger, in plain words."""
    return _told(await call.engine.explain_decision(call.organisation, decision_id))


async def explain_person(
    call: Caller,
    person: Annotated[Name, Path(alias="id")],
    at: Annotated[AwareDatetime | None, Query(description="The instant in question; now when left out.")] = None,
) -> Explained:
    """Why a person was or was not reached at an instant, also where silence was not stored."""
    asked: datetime | None = at
    return _told(await call.engine.explain(call.organisation, person, call.instant(asked, field="at")))


def _told(story: dict[str, Any]) -> Explained:
    return Explained(words=story["words"], facts={name: fact for name, fact in story.items() if name != "words"})


ROUTES = (
    Address("GET", "/api/v1/decisions/{id}", read_decision, "decisions", READERS, raises=(NotFound,)),
    Address("GET", "/api/v1/people/{id}/explain", explain_person, "decisions", READERS, raises=(NotFound,)),
)
