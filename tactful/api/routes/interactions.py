"""What people say to us."""

from tactful.api.address import Address
from tactful.api.call import WITHOUT_WIDGETS, Call, Caller
from tactful.api.schemas.interactions import Became, InteractionIn, InteractionOut, InteractionsIn, InteractionsOut
from tactful.facts.interactions import HEARD, Interaction
from tactful.store.sensed.interactions import Answer

BECAME = {True: Became.COUNTED, False: Became.DUPLICATE, None: Became.ERASED}


async def say(call: Caller, body: InteractionIn) -> InteractionOut:
    """Record what somebody said to us, and what its words tell: mood, topics, and how much they put into it.

    It is an event as well, of the kind `message`; do not send one besides.
    """
    [answer] = await call.engine.interact(call.organisation, [_interaction(call, body, "")], paths=[""])
    return _told(answer)


async def say_all(call: Caller, body: InteractionsIn) -> InteractionsOut:
    """Record up to 500 messages; all are counted or, when one does not fit, none."""
    said = [_interaction(call, each, f"interactions.{number}.") for number, each in enumerate(body.interactions)]
    return InteractionsOut(interactions=[_told(each) for each in await call.engine.interact(call.organisation, said)])


def _interaction(call: Call, told: InteractionIn, path: str) -> Interaction:
    same = told.model_dump(exclude={"user_id", "occurred_at"})
    person = call.person(told.user_id, field=f"{path}user_id")
    return Interaction(person=person, occurred_at=told.occurred_at or call.at, **same)


def _told(answer: Answer) -> InteractionOut:
    if answer.fresh is None:
        return InteractionOut(status=Became.ERASED, **{**dict.fromkeys(HEARD), "topics": []})
    return InteractionOut(status=BECAME[answer.fresh], **answer.heard)


ROUTES = (
    Address("POST", "/api/v1/interactions", say, "interactions", WITHOUT_WIDGETS),
    Address("POST", "/api/v1/interactions/batch", say_all, "interactions", WITHOUT_WIDGETS),
)
