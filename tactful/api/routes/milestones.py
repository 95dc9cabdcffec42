"""Milestones: what somebody reached, and for whoever runs the place which there are and how they do."""

from typing import Annotated, Any

from fastapi import Path

from tactful.api.address import Address
from tactful.api.auth import ADMIN, ORGANISER, SERVICE
from tactful.api.call import SPEAKERS, About, Caller
from tactful.api.routes.risk import READERS
from tactful.api.schemas.milestones import (
    AchievedOut,
    MilestoneChangeIn,
    MilestoneIn,
    MilestonePreviewOut,
    MilestoneRemovedOut,
    MilestonesOut,
    MilestoneStatisticsOut,
    MilestoneWrittenOut,
)
from tactful.kernel.errors import Conflict, NotFound

WRITERS = frozenset({SERVICE, ORGANISER, ADMIN})
Named = Annotated[str, Path(alias="name", max_length=64)]


async def read_milestones(call: Caller, user_id: About = None) -> AchievedOut:
    """What the person reached, what is ahead and how far they are, their points, level and streak.

    It knows everything that was counted: the person is looked at before the answer.
    """
    return AchievedOut(**await call.engine.milestones(call.organisation, call.person(user_id)))


async def list_milestones(call: Caller) -> MilestonesOut:
    """Every milestone of the organisation: those that everybody has, as they hold for it, and its own."""
    return MilestonesOut(milestones=await call.engine.milestone_definitions(call.organisation))


async def milestone_statistics(call: Caller) -> MilestoneStatisticsOut:
    """How many milestones there are, how many people reached each, and how long it took them."""
    return MilestoneStatisticsOut(**await call.engine.milestone_statistics(call.organisation))


async def preview_milestone(call: Caller, body: MilestoneIn) -> MilestonePreviewOut:
    """How many people have a milestone already, before it goes live; or a changed one. Nothing is written."""
    return MilestonePreviewOut(**await call.engine.preview_milestone(call.organisation, _told(body)))


async def add_milestone(call: Caller, body: MilestoneIn) -> MilestoneWrittenOut:
    """Add a milestone of the organisation's own. Those who have it already get it in silence, unless told otherwise."""
    row = await call.engine.add_milestone(
        call.organisation, _told(body), celebrate_earlier=body.celebrate_earlier, actor=call.actor
    )
    return MilestoneWrittenOut(**row)


async def change_milestone(call: Caller, name: Named, body: MilestoneChangeIn) -> MilestoneWrittenOut:
    """Change a milestone for the organisation, also one that everybody has; `is_active` switches it off."""
    row = await call.engine.change_milestone(
        call.organisation, name, _told(body), celebrate_earlier=body.celebrate_earlier, actor=call.actor
    )
    return MilestoneWrittenOut(**row)


async def remove_milestone(call: Caller, name: Named) -> MilestoneRemovedOut:
    """Remove one of the organisation's own, or take back what it changed of one that everybody has."""
    return MilestoneRemovedOut(**await call.engine.remove_milestone(call.organisation, name, actor=call.actor))


def _told(body: MilestoneChangeIn) -> dict[str, Any]:
    return body.model_dump(exclude={"celebrate_earlier"}, exclude_none=True)


BASE = "/api/v1/milestones"
ROUTES = (
    Address("GET", BASE, read_milestones, "milestones", SPEAKERS, head=False),
    Address("GET", f"{BASE}/statistics", milestone_statistics, "milestones", READERS, raises=(NotFound,)),
    Address("GET", f"{BASE}/definitions", list_milestones, "milestones", READERS, raises=(NotFound,)),
    Address("POST", f"{BASE}/definitions", add_milestone, "milestones", WRITERS, raises=(NotFound, Conflict)),
    Address("POST", f"{BASE}/preview", preview_milestone, "milestones", READERS, raises=(NotFound,)),
    Address("PATCH", f"{BASE}/definitions/{{name}}", change_milestone, "milestones", WRITERS,
            raises=(NotFound, Conflict)),
    Address("DELETE", f"{BASE}/definitions/{{name}}", remove_milestone, "milestones", WRITERS,
            raises=(NotFound, Conflict)),
)  # fmt: skip
