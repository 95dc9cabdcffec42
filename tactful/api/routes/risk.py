"""Who may be about to leave."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any

from fastapi import Query

from tactful.api.address import Address
from tactful.api.answers import again
from tactful.api.auth import ADMIN, ORGANISER, SERVICE, VIEWER
from tactful.api.call import WITHOUT_WIDGETS, About, Caller
from tactful.api.schemas.risk import PLACE, AtRisk, AtRiskOut, RiskOut, Strategy
from tactful.api.schemas.wire import shown
from tactful.api.settings import PAGE
from tactful.kernel.errors import BadInput, NotFound

READERS = frozenset({SERVICE, VIEWER, ORGANISER, ADMIN})
# What the engine calls otherwise, or tells in another form.
RENAMED = ("confidence", "current_streak", "reengagement_strategy", "contributions")
FIELDS = tuple(name for name in RiskOut.model_fields if name not in RENAMED)


async def read_risk(
    call: Caller,
    user_id: About = None,
) -> RiskOut:
    """The person's risk of leaving, as it is now, with what may bring them back.

    Of somebody who never did anything, nothing is known: level `unknown`, confidence 0.
    """
    person = call.person(user_id)

    async def anew() -> RiskOut:
        try:
            return told(await call.engine.risk(call.organisation, person))
        except NotFound:
            return RiskOut(risk_level="unknown", calculated_at=call.at)

    return await again(call, "risk", person, RiskOut, anew)


def told(row: dict[str, Any]) -> RiskOut:
    """A row of `Engine.risk` in the product's shape."""
    strategy = row["reengagement_strategy"]
    return RiskOut(
        confidence=row["risk_confidence"],
        contributions=row["contributions"],
        current_streak=row["standing_streak"],
        reengagement_strategy=Strategy.model_validate(strategy) if strategy else None,
        **{name: row[name] for name in FIELDS},
    )


async def list_at_risk(
    call: Caller,
    limit: Annotated[int | None, Query(ge=1, le=500, description="Rows of this page.")] = None,
    after: Annotated[str | None, Query(max_length=200, pattern=PLACE, description="`next` of the page before.")] = None,
) -> AtRiskOut:
    """People of medium risk and higher, highest first, each with reasons in words."""
    size = limit or call.engine.settings[PAGE]
    rows = await call.engine.at_risk(call.organisation, limit=size, after=_place(after))
    last = rows[-1] if len(rows) == size else None
    following = None if last is None else _mark(last["risk_score"], last["user_id"])
    return AtRiskOut(count=len(rows), people=[_listed(row) for row in rows], next=following)


def _listed(row: dict[str, Any]) -> AtRisk:
    same = {name: row[name] for name in AtRisk.model_fields if name != "user_id"}
    return AtRisk(user_id=shown(row["external_id"]), **same)


def _mark(score: float, person: int) -> str:
    return urlsafe_b64encode(json.dumps([score, person]).encode()).decode()


def _place(mark: str | None) -> tuple[float, int] | None:
    if mark is None:
        return None
    try:
        score, person = json.loads(urlsafe_b64decode(mark))
        if not (isinstance(score, float) and 0 <= score <= 1 and isinstance(person, int) and 0 < person < 2**63):
            raise ValueError(mark)
    except (ValueError, TypeError):
        raise BadInput("after must be what the page before called next.", fields=["after"]) from None
    return score, person


ROUTES = (
    Address("GET", "/api/v1/predictive/dropout/risk", read_risk, "risk", WITHOUT_WIDGETS),
    Address("GET", "/api/v1/people/at-risk", list_at_risk, "risk", READERS),
)
