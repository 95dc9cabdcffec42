"""Interventions a person may see, and what they answer."""

from typing import Annotated, Any

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, About, Caller
from tactful.api.schemas.interventions import (
    InterventionOut,
    InterventionsOut,
    ResponseIn,
    ResponseOut,
    WhyOut,
)  # fmt: skip
from tactful.api.schemas.wire import LARGEST
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Response


async def list_interventions(
    call: Caller,
    user_id: About = None,
    evaluate: Annotated[bool, Query(description="Decide about this person first.")] = False,
) -> InterventionsOut:
    """What is decided and due for the person, most important first; each is marked as shown once.

    An intervention stays in the list until it is answered or expires, so clients tell them apart by id.
    Nothing is decided here unless `evaluate` is true.
    """
    person = call.person(user_id)
    rows = await call.engine.interventions(call.organisation, person, evaluate=evaluate, at=call.at, checked=True)
    return InterventionsOut(count=len(rows), interventions=[_told(row) for row in rows])


def _told(row: dict[str, Any]) -> InterventionOut:
    same = ("id", "intervention_type", "priority", "title", "message", "action", "trigger", "decision_id")
    return InterventionOut(
        intervention_log_id=row["id"],
        triggered_at=row["triggered_at"],
        expires_at=row["expires_at"],
        shown_at=row["shown_at"],
        snoozed=row["user_response"] == Response.SNOOZED,
        **{name: row[name] for name in same},
    )


async def answer_intervention(call: Caller, body: ResponseIn) -> ResponseOut:
    """Record what the person did with an intervention.

    The first answer stands and is told again, as `already_recorded`, when another one comes; one that was
    snoozed comes back later and may then be answered.
    """
    row = await call.engine.answer(
        call.organisation, call.person(body.user_id), body.intervention_log_id, body.user_response, at=call.at
    )
    return told_of(row)


def told_of(row: dict[str, Any]) -> ResponseOut:
    """The answer that counts, of a row of `Engine.answer`."""
    asleep = row["user_response"] == Response.SNOOZED and row["state"] == "planned"
    return ResponseOut(
        status="already_recorded" if row.get("repeated") else "recorded",
        intervention_log_id=row["id"],
        user_response=Response(row["user_response"]),
        responded_at=row["responded_at"],
        comes_back_at=row["due_at"] if asleep else None,
    )


async def read_why(
    call: Caller, number: Annotated[int, Path(ge=1, le=LARGEST, alias="id")], user_id: About = None
) -> WhyOut:
    """Why you got this: the reason, what it was made from, which limits there are, and how to stop it."""
    row = await call.engine.why(call.organisation, call.person(user_id), number)
    same = {name: row[name] for name in WhyOut.model_fields if name != "intervention_log_id"}
    return WhyOut(intervention_log_id=row["id"], **same)


ROUTES = (
    Address("GET", "/proactive/interventions/{id}/why", read_why, "interventions", SPEAKERS, raises=(NotFound,)),
    # What is listed counts as shown, and HEAD shows nobody anything.
    Address("GET", "/proactive/interventions", list_interventions, "interventions", SPEAKERS, head=False),
    Address(
        "POST", "/proactive/interventions/response", answer_intervention, "interventions", SPEAKERS, raises=(NotFound,)
    ),
)
