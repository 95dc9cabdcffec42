"""Educators hear of who is about to leave, and say who is not."""

from typing import Annotated, Any, Literal

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, PERSON, SERVICE, VIEWER
from tactful.api.call import Call, Caller
from tactful.api.schemas.alerts import AlertOut, AlertsOut, CloseIn, WronglyFlaggedIn, WronglyFlaggedOut
from tactful.api.schemas.wire import LARGEST, Name, shown
from tactful.api.settings import PAGE
from tactful.bootstrap.alerting import OPEN
from tactful.kernel.errors import Conflict, NotAllowed, NotFound

READERS = frozenset({PERSON, SERVICE, VIEWER, ORGANISER, ADMIN})
ACTORS = READERS - {VIEWER}
NOTHING_SAID = CloseIn()
State = Literal["open", "raised", "held", "closed"]


async def list_alerts(
    call: Caller,
    state: Annotated[State, Query(description="Open ones are those raised and held.")] = "open",
    educator_id: Annotated[Name | None, Query(description="Whose alerts; a person sees their own.")] = None,
    limit: Annotated[int | None, Query(ge=1, le=500, description="Rows of this page.")] = None,
    after: Annotated[int | None, Query(ge=1, le=LARGEST, description="`next` of the page before.")] = None,
) -> AlertsOut:
    """Alerts about people who became critical, newest first: an educator's own, or all of the organisation.

    An educator is told once of each episode, and of no more than `alerts.per_day` a day; the rest is held, named here
    all the same, and comes the next day, highest risk first.
    """
    mine = _self(call)
    if mine is not None and educator_id not in (None, mine):
        raise NotAllowed("A person's token sees that person's alerts alone; leave educator_id out.")
    size = limit or call.engine.settings[PAGE]
    rows, held = await call.engine.alerts(
        call.organisation,
        educator=mine,
        only=educator_id if mine is None else None,
        states=OPEN if state == "open" else (state,),
        limit=size,
        after=after,
    )
    following = rows[-1]["id"] if len(rows) == size else None
    told = [_told(row) for row in rows]
    return AlertsOut(count=len(told), held=held, summary=summary(held), alerts=told, next=following)


def summary(held: int) -> str:
    """What an educator reads of alerts beyond the cap.

    >>> summary(1)
    '1 more became critical; it comes when the next day begins, highest risk first.'
    """
    verb = "it comes" if held == 1 else "they come"
    return f"{held} more became critical; {verb} when the next day begins, highest risk first." if held else ""


async def close_alert(
    call: Caller, alert_id: Annotated[int, Path(alias="id", ge=1, le=LARGEST)], body: CloseIn = NOTHING_SAID
) -> AlertOut:
    """Close an alert: it is dealt with. Nobody is told again in the same episode. Twice is once."""
    row = await call.engine.close_alert(
        call.organisation, alert_id, educator=_self(call), because=body.because, actor=call.actor
    )
    return _told(row)


async def wrongly_flagged(call: Caller, body: WronglyFlaggedIn) -> WronglyFlaggedOut:
    """Say that somebody who is flagged as about to leave is not: by an educator of theirs, an operator or a service.

    Open alerts about them are closed, their level stays below critical until `dropout.horizon_days` have passed, and
    learning takes it for the truth. Said twice, the first one counts. Of somebody who is not critical and about whom no
    alert is open, nothing is noted (409).
    """
    person = str(body.user_id)
    row = await call.engine.wrongly_flagged(
        call.organisation, person, educator=_self(call), note=body.note, actor=call.actor
    )
    same = {name: row[name] for name in WronglyFlaggedOut.model_fields if name != "user_id"}
    return WronglyFlaggedOut(user_id=shown(person), **same)


def _self(call: Call) -> str | None:
    return call.token.subject if call.token.scope == PERSON else None


def _told(row: dict[str, Any]) -> AlertOut:
    group = row["group_external_id"]
    ids = {"educator_id": shown(row["educator"]), "user_id": shown(row["external_id"])}
    same = {name: row[name] for name in AlertOut.model_fields if name not in (*ids, "group_id")}
    return AlertOut(group_id=None if group is None else shown(group), **ids, **same)


ROUTES = (
    Address("GET", "/api/v1/alerts", list_alerts, "alerts", READERS, raises=(NotFound,)),
    Address("POST", "/api/v1/alerts/{id}/close", close_alert, "alerts", ACTORS, raises=(NotFound,)),
    Address(
        "POST",
        "/api/v1/predictive/dropout/wrongly-flagged",
        wrongly_flagged,
        "alerts",
        ACTORS,
        raises=(NotFound, Conflict),
    ),
)
