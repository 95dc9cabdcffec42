"""Interventions a person may see, and what they answer."""

from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Query

from tactful.api.address import Address
from tactful.api.call import SPEAKERS, Call, Caller
from tactful.api.schemas.interventions import InterventionOut, InterventionsOut, ResponseIn, ResponseOut
from tactful.api.schemas.wire import Name
from tactful.api.settings import SNOOZE_MINUTES
from tactful.kernel.errors import NotFound
from tactful.kernel.records import Response
from tactful.store import inbox
from tactful.store.database import Identity

Named = Annotated[Name | None, Query(description="Whom this is about; for a service's token.")]


async def list_interventions(
    call: Caller,
    user_id: Named = None,
    evaluate: Annotated[bool, Query(description="Decide about this person first.")] = False,
) -> InterventionsOut:
    """What is decided and due for the person, most important first; each is marked as shown once.

    An intervention stays in the list until it is answered or expires, so clients tell them apart by id.
    Nothing is decided here unless `evaluate` is true.
    """
    identity = call.identity(user_id)
    if evaluate:
        # Somebody we never heard of: there is nothing to decide about.
        with suppress(NotFound):
            await call.engine.ask(call.organisation, identity.person or "", call.at)
    rows = await _visible(call, identity)
    return InterventionsOut(count=len(rows), interventions=[_told(row) for row in rows])


async def _visible(call: Call, identity: Identity) -> list[dict[str, Any]]:
    rows = await _due(call, identity)
    if any(row["state"] == "planned" for row in rows):
        # Every guard rail is asked again, the words are found, and only then is it shown.
        await call.engine.showing.submit([(call.organisation, identity.person or "")])
        rows = await _due(call, identity)
    return [row for row in rows if row["state"] == "shown"]


async def _due(call: Call, identity: Identity) -> list[dict[str, Any]]:
    async with call.engine.database.alone(identity) as connection:
        return await inbox.due(connection, identity, at=call.at)


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

    The first answer stands and is told again when another one comes; one that was snoozed comes back
    later and may then be answered.
    """
    snooze = timedelta(minutes=call.engine.settings[SNOOZE_MINUTES])
    async with call.engine.database.acting_as(call.identity(body.user_id)) as connection:
        row = await inbox.answer(
            connection, body.intervention_log_id, body.user_response.value, at=call.at, snooze=snooze
        )
    if row is None:
        raise NotFound("There is no such intervention for this person.")
    asleep = row["user_response"] == Response.SNOOZED and row["state"] == "planned"
    return ResponseOut(
        status="recorded",
        intervention_log_id=row["id"],
        user_response=Response(row["user_response"]),
        responded_at=row["responded_at"],
        comes_back_at=row["due_at"] if asleep else None,
    )


ROUTES = (
    # What is listed counts as shown, and HEAD shows nobody anything.
    Address("GET", "/proactive/interventions", list_interventions, "interventions", SPEAKERS, head=False),
    Address(
        "POST", "/proactive/interventions/response", answer_intervention, "interventions", SPEAKERS, raises=(NotFound,)
    ),
)
