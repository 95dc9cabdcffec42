"""What organisers do in live sessions: interventions by hand, and answers to suggestions."""

from typing import Annotated

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.call import Caller
from tactful.api.routes.live import READERS, RUNNERS, SessionId
from tactful.api.schemas.organising import (
    ApproveIn,
    DismissIn,
    ManualIn,
    ManualOut,
    State,
    SuggestionOut,
    SuggestionsOut,
    manual_out,
    suggestion_out,
)
from tactful.api.schemas.wire import LARGEST
from tactful.kernel.errors import Conflict, NotFound

SuggestionId = Annotated[int, Path(ge=1, le=LARGEST, alias="id")]
AS_PROPOSED, NO_WORD = ApproveIn(), DismissIn()


async def set_off_intervention(call: Caller, body: ManualIn) -> ManualOut:
    """Do something in a live session at once, whatever its mode: in your own words, or in those of a template.

    While the cooldown of the kind lasts it is refused (409) and says how many seconds are left; `override` does it all
    the same, and the ledger says so. A pause and shadow mode stand for organisers too.
    """
    done = await call.engine.set_off(
        call.organisation,
        str(body.session_id),
        str(body.event_id),
        body.intervention_type,
        reason=body.reason,
        context=body.context,
        override=body.override,
        actor=call.actor,
    )
    return manual_out(done)


async def list_suggestions(
    call: Caller,
    session_id: SessionId,
    state: Annotated[State | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
) -> SuggestionsOut:
    """What was proposed for a live session, newest first."""
    rows = await call.engine.suggestions(call.organisation, session_id, state=state, limit=limit, offset=offset)
    return SuggestionsOut(suggestions=[suggestion_out(row) for row in rows])


async def approve_suggestion(call: Caller, suggestion_id: SuggestionId, body: ApproveIn = AS_PROPOSED) -> ManualOut:
    """Do what was proposed, as it is or with words of yours. It is done once, however often it is approved.

    Refused (409) where it was answered before, waited too long, or the cooldown of its kind lasts.
    """
    content = None if body.content is None else body.content.model_dump(exclude_none=True)
    done = await call.engine.approve(
        call.organisation, suggestion_id, content=content, override=body.override, actor=call.actor
    )
    return manual_out(done)


async def dismiss_suggestion(call: Caller, suggestion_id: SuggestionId, body: DismissIn = NO_WORD) -> SuggestionOut:
    """Let a suggestion go."""
    row = await call.engine.dismiss(call.organisation, suggestion_id, reason=body.reason, actor=call.actor)
    return suggestion_out(row)


ANSWER = "/api/v1/live/suggestions/{id}"
TAG = "live"
ROUTES = (
    Address(
        "POST", "/api/v1/interventions/manual", set_off_intervention, TAG, RUNNERS, raises=(NotFound, Conflict)
    ),
    Address("GET", "/api/v1/live/sessions/{id}/suggestions", list_suggestions, TAG, READERS, raises=(NotFound,)),
    Address("POST", f"{ANSWER}/approve", approve_suggestion, TAG, RUNNERS, raises=(NotFound, Conflict)),
    Address("POST", f"{ANSWER}/dismiss", dismiss_suggestion, TAG, RUNNERS, raises=(NotFound, Conflict)),
)  # fmt: skip
