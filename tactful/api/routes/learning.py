"""What was learned, and whether it is still true."""

from typing import Annotated, Literal

from fastapi import Query

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.learning import MonitoringOut, Version, VersionsOut
from tactful.kernel.errors import NotFound


async def list_versions(
    call: Caller,
    capability: Annotated[str | None, Query(description="Of what belief; all when left out.", max_length=40)] = None,
) -> VersionsOut:
    """Every version of what the organisation learned, newest first, with why it serves or does not."""
    rows = await call.engine.learned(call.organisation, capability)
    return VersionsOut(count=len(rows), versions=[Version(**row) for row in rows])


async def monitor(
    call: Caller,
    capability: Annotated[
        Literal["dropout", "plateau", "forgetting", "struggle", "timing"], Query(description="Whose beliefs.")
    ] = "dropout",
    days: Annotated[int, Query(ge=1, le=3650, description="How far back; not beyond what is kept, see since.")] = 180,
) -> MonitoringOut:
    """How true beliefs have been: predicted against actual, calibration, drift, and a warning when accuracy falls."""
    told = await call.engine.monitoring(call.organisation, capability, days=days)
    return MonitoringOut(**told)


ROUTES = (
    Address("GET", "/api/v1/predictive/models", list_versions, "learning", READERS, raises=(NotFound,)),
    Address("GET", "/api/v1/predictive/monitoring", monitor, "learning", READERS),
)
