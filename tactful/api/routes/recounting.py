"""What was done in live sessions, and what came of it."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query
from starlette.responses import Response

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.live import READERS, SessionId
from tactful.api.schemas.recounting import HistoryOut, StatsOut, history_out
from tactful.api.schemas.report import ReportOut, report_out
from tactful.api.schemas.wire import Name, shown
from tactful.kernel.errors import NotFound

EventId = Annotated[Name, Path(alias="id")]
TABLE = {"Content-Disposition": 'attachment; filename="session-report.csv"'}
FORMATS: dict[int | str, dict[str, Any]] = {
    200: {"model": ReportOut, "content": {"text/csv": {"schema": {"type": "string"}}}}
}


async def read_history(
    call: Caller,
    session_id: SessionId,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> HistoryOut:
    """What was done in a live session, newest first."""
    return history_out(await call.engine.live_history(call.organisation, session_id, limit=limit, offset=offset))


async def read_history_of_event(
    call: Caller,
    event_id: EventId,
    hours: Annotated[int, Query(ge=1, le=168, description="How far back to look.")] = 24,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
) -> HistoryOut:
    """What was done in all live sessions of an event lately, newest first."""
    return history_out(await call.engine.live_history_of_event(call.organisation, event_id, hours=hours, limit=limit))


async def read_stats(call: Caller, session_id: SessionId) -> StatsOut:
    """Counts of a live session, and what each type of intervention is known to do.

    What came of a type is told beside moments that were left alone on purpose: engagement comes back by itself, so a
    comparison of before and after would praise anything.
    """
    told = await call.engine.live_stats(call.organisation, session_id)
    return StatsOut.model_validate({**told, "session_id": shown(told["session_id"])})


async def read_report(
    call: Caller,
    session_id: SessionId,
    format: Annotated[Literal["json", "csv"], Query(description="csv: one table for a spreadsheet.")] = "json",
) -> Response:
    """A live session from its start to its end, or to now: how engaged its audience was, and what happened.

    As CSV it is one table with a row for every ten seconds: who was there, what was heard, how engaged they were, and
    what was noticed, done, proposed, voted and asked in that time. Texts that a spreadsheet would take for a formula
    begin with an apostrophe.
    """
    if format == "csv":
        table = await call.engine.live_sheet(call.organisation, session_id)
        return Response(table, media_type="text/csv", headers=TABLE)
    told = report_out(await call.engine.live_report(call.organisation, session_id))
    return Response(told.model_dump_json(), media_type="application/json")


HISTORY = "/api/v1/interventions/history"
TAG = "live"
ROUTES = (
    # Before sessions, whose ids may have slashes in them.
    Address("GET", f"{HISTORY}/event/{{id}}", read_history_of_event, TAG, READERS, raises=(NotFound,)),
    Address("GET", f"{HISTORY}/{{id}}", read_history, TAG, READERS, raises=(NotFound,)),
    Address("GET", "/api/v1/interventions/stats/{id}", read_stats, TAG, READERS, raises=(NotFound,)),
    Address(
        "GET",
        "/api/v1/live/sessions/{id}/report",
        read_report,
        TAG,
        READERS,
        raises=(NotFound,),
        responses=FORMATS,
    ),
)
