"""Whether somebody will struggle, the help they are offered, and what came of it."""

from tactful.api.address import Address
from tactful.api.call import WITHOUT_WIDGETS, Caller
from tactful.api.schemas.struggle import ChoiceIn, ChoiceOut, OutcomeIn, OutcomeOut, StruggleIn, StruggleOut
from tactful.kernel.errors import Conflict, NotFound

RECORDED = "Outcome recorded successfully"
STANDS = "An outcome was recorded before; it stands"


async def predict_struggle(call: Caller, body: StruggleIn) -> StruggleOut:
    """Whether the person will struggle with what they are about to start, with help to offer where it is likely.

    It knows every attempt that was counted. Where nothing is known the answer is null, not a guess.
    """
    content = body.content_metadata
    told = await call.engine.struggle(
        call.organisation,
        call.person(body.user_id),
        content.content_id,
        kind=content.type,
        difficulty=content.difficulty_rating,
        prerequisites=content.prerequisites,
        similar=content.similar_topics,
        path="content_metadata.",
    )
    return StruggleOut(**told)


async def record_outcome(call: Caller, body: OutcomeIn) -> OutcomeOut:
    """Record what came of the person's latest prediction about this content.

    What was told first stands. An attempt that was sent as an event closes the prediction by itself; what is told
    here corrects it.
    """
    row = await call.engine.record_struggle(
        call.organisation,
        call.person(body.user_id),
        body.content_id,
        struggled=body.struggled,
        completion_time_seconds=body.completion_time_seconds,
        gave_up=body.gave_up,
    )
    return OutcomeOut(
        success=True,
        message=STANDS if row.get("repeated") else RECORDED,
        prediction_id=row["id"],
        struggled=row["actual_struggled"],
        recorded_at=row["actual_outcome_at"],
    )


async def answer_help(call: Caller, body: ChoiceIn) -> ChoiceOut:
    """Record what the person chose of the help they were offered with a prediction. The first choice stands."""
    row = await call.engine.answer_help(call.organisation, call.person(body.user_id), body.prediction_id, body.action)
    return ChoiceOut(
        status="already_recorded" if row.get("repeated") else "recorded",
        prediction_id=row["id"],
        action=row["intervention_action"],
        accepted=row["intervention_accepted"],
        answered_at=row["intervention_answered_at"],
    )


PLACE = "/api/v1/predictive/struggle"
ROUTES = (
    Address("POST", f"{PLACE}/predict", predict_struggle, "struggle", WITHOUT_WIDGETS, raises=(Conflict,)),
    Address("POST", f"{PLACE}/record-outcome", record_outcome, "struggle", WITHOUT_WIDGETS, raises=(NotFound,)),
    Address("POST", f"{PLACE}/response", answer_help, "struggle", WITHOUT_WIDGETS, raises=(NotFound, Conflict)),
)
