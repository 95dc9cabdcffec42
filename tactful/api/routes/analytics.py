"""Figures for whoever runs the place, as JSON or as one table for a spreadsheet."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.analytics import ActiveOut, DashboardOut, DistributionOut, PerformanceOut, ProgressOut
from tactful.compose.spreadsheets import spreadsheet
from tactful.kernel.errors import NotFound
from tactful.uses.analytics import achieved, present, risks, taken

Days = Annotated[int, Query(ge=1, le=366, description="How many days to look back.")]
Format = Annotated[Literal["json", "csv"], Query(description="csv: one table for a spreadsheet.")]


async def outreach_performance(call: Caller, days: Days = 30, format: Format = "json") -> Response:
    """How what reached people was taken: overall, by kind, wording and channel, and by the hour of their own day.

    As CSV all of it is one table; `by` says what a row is about.
    """
    told = await call.engine.outreach_analytics(call.organisation, days=days)
    return _answer(PerformanceOut(**told), format, "outreach-performance", taken.COLUMNS, taken.sheet(told))


async def churn_risk_distribution(call: Caller, format: Format = "json") -> Response:
    """How many people are at which risk of leaving, as it was judged last: by level, and by score."""
    told = await call.engine.churn_risk_distribution(call.organisation)
    return _answer(DistributionOut(**told), format, "churn-risk-distribution", risks.COLUMNS, risks.sheet(told))


async def daily_active_users(call: Caller, days: Days = 30, format: Format = "json") -> Response:
    """How many people did something on each day of the organisation's zone; the last one is today."""
    told = await call.engine.daily_active_people(call.organisation, days=days)
    return _answer(ActiveOut(**told), format, "daily-active-users", present.COLUMNS, present.sheet(told))


async def milestone_progress(call: Caller, format: Format = "json") -> Response:
    """How many people reached each milestone, and how far those are who are on the way."""
    told = await call.engine.milestone_progress(call.organisation)
    return _answer(ProgressOut(**told), format, "milestone-progress", achieved.COLUMNS, achieved.sheet(told))


async def dashboard(call: Caller) -> DashboardOut:
    """All of the above in one answer."""
    engine, whose = call.engine, call.organisation
    performance, distribution, active, progress = await asyncio.gather(
        engine.outreach_analytics(whose),
        engine.churn_risk_distribution(whose),
        engine.daily_active_people(whose),
        engine.milestone_progress(whose),
    )
    return DashboardOut(
        outreach_performance=PerformanceOut(**performance),
        churn_risk_distribution=DistributionOut(**distribution),
        daily_active_users=ActiveOut(**active),
        milestone_progress=ProgressOut(**progress),
    )


def _answer(told: BaseModel, format: str, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Response:
    if format == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
        return Response(spreadsheet(columns, rows), media_type="text/csv", headers=headers)
    return Response(told.model_dump_json(), media_type="application/json")


def _address(name: str, endpoint: Any, model: type[BaseModel]) -> Address:
    described: dict[int | str, dict[str, Any]] = {
        200: {"model": model, "content": {"text/csv": {"schema": {"type": "string"}}}}
    }
    return Address("GET", f"{BASE}/{name}", endpoint, "analytics", READERS, raises=(NotFound,), responses=described)


BASE = "/api/v1/analytics"
ROUTES = (
    _address("outreach-performance", outreach_performance, PerformanceOut),
    _address("churn-risk-distribution", churn_risk_distribution, DistributionOut),
    _address("daily-active-users", daily_active_users, ActiveOut),
    _address("milestone-progress", milestone_progress, ProgressOut),
    Address("GET", f"{BASE}/dashboard", dashboard, "analytics", READERS, raises=(NotFound,)),
)
