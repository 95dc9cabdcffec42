"""What people say to us, and who needs us."""

from typing import Annotated, Any

from fastapi import Path, Query

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE, VIEWER
from tactful.api.call import WITHOUT_WIDGETS, Call, Caller
from tactful.api.schemas.acting import ActionOut, NextBestActionOut
from tactful.api.schemas.interactions import Became, InteractionIn, InteractionOut, InteractionsIn, InteractionsOut
from tactful.api.schemas.needing import NeedingOut, NeedyOut, NextActionOut, PatternsOut, TopicOut, WhoOut
from tactful.api.schemas.wire import Name, shown
from tactful.bootstrap.talking import MOST_LISTED
from tactful.facts.interactions import HEARD, Interaction
from tactful.kernel.errors import NotFound
from tactful.store.sensed.interactions import Answer

READERS = frozenset({SERVICE, VIEWER, ORGANISER, ADMIN})
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


async def list_needing(
    call: Caller, limit: Annotated[int, Query(ge=1, le=MOST_LISTED, description="How many at most.")] = 20
) -> NeedingOut:
    """Who needs us most: whose risk of leaving is high and sure enough, or whose mood is low; with what to do first.

    As of their last message, and of the last pass (`worker.pattern_analysis_interval_minutes`) for all else.
    """
    rows = await call.engine.people_needing_engagement(call.organisation, limit=limit)
    return NeedingOut(count=len(rows), people=[_needy(row) for row in rows])


def _needy(row: dict[str, Any]) -> NeedyOut:
    same = {name: row[name] for name in PatternsOut.model_fields if name != "preferred_topics"}
    advice = row["next_best_action"]
    return NeedyOut(
        user=WhoOut(user_id=shown(row["external_id"]), display_name=row["display_name"]),
        patterns=PatternsOut(preferred_topics=[TopicOut(**each) for each in row["preferred_topics"]], **same),
        next_best_action=None if advice is None else NextActionOut(**advice),
    )


async def next_best_action(call: Caller, person: Annotated[Name, Path(alias="id")]) -> NextBestActionOut:
    """What would be decided about somebody now, and all that could be done, best first, doing nothing included.

    It is the decision itself, as a tick at this instant would take it: the same triggers, guard rails and policy.
    Nothing is sent, written or claimed.
    """
    told = await call.engine.next_best_action(call.organisation, person)
    actions = [ActionOut(**each) for each in told.pop("actions")]
    return NextBestActionOut(user_id=shown(person), actions=actions, **told)


ROUTES = (
    Address(
        "GET", "/api/v1/people/{id}/next-best-action", next_best_action, "interactions", READERS, raises=(NotFound,)
    ),
    Address("GET", "/api/v1/people/needing-engagement", list_needing, "interactions", READERS),
    Address("POST", "/api/v1/interactions", say, "interactions", WITHOUT_WIDGETS),
    Address("POST", "/api/v1/interactions/batch", say_all, "interactions", WITHOUT_WIDGETS),
)
