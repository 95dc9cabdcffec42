"""Operators hear when something goes wrong with the whole."""

from typing import Annotated, Literal

from fastapi import Query

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.operator_alerts import OperatorAlertOut, OperatorAlertsOut
from tactful.api.schemas.wire import LARGEST
from tactful.api.settings import PAGE
from tactful.kernel.errors import NotFound


async def list_operator_alerts(
    call: Caller,
    state: Annotated[Literal["open", "cleared", "all"], Query(description="Open ones are still so.")] = "all",
    limit: Annotated[int | None, Query(ge=1, le=500, description="Rows of this page.")] = None,
    after: Annotated[int | None, Query(ge=1, le=LARGEST, description="`next` of the page before.")] = None,
) -> OperatorAlertsOut:
    """What was or is wrong with the whole: many people at high risk, a response rate, jobs or beliefs that got worse.

    Each is raised beyond a limit and cleared at a lower one; both are settings, the organisation's own too.
    """
    size = limit or call.engine.settings[PAGE]
    rows = await call.engine.operator_alerts(call.organisation, state=state, limit=size, after=after)
    told = [OperatorAlertOut(**{("limit" if name == "bound" else name): row[name] for name in row}) for row in rows]
    return OperatorAlertsOut(count=len(told), alerts=told, next=told[-1].id if len(told) == size else None)


ROUTES = (Address("GET", "/api/v1/operator-alerts", list_operator_alerts, "analytics", READERS, raises=(NotFound,)),)
