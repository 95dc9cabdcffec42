"""Outreach that is asked for."""

from typing import Annotated, Any, Literal

from pydantic import Field

from tactful.api.schemas.wire import Instant, Name, ShownId, Told, UserId, Wire, WrittenAt, example

Type = Literal[
    "re_engagement",
    "mood_support",
    "milestone_celebration",
    "topic_follow_up",
    "feature_suggestion",
    "check_in",
    "weekly_digest",
]


class OutreachIn(Wire):
    """What is to be said to whom. priority_score: what it is worth; context_data: what it is about.

    id: the same again is the same one. expires_at: a week later when left out.
    """

    model_config = example(
        user_id=42, outreach_type="topic_follow_up", priority_score=0.7, context_data={"topic": "machine learning"}
    )
    user_id: UserId
    outreach_type: Type
    priority_score: Annotated[float, Field(ge=0, le=1)] = 0.5
    context_data: Annotated[dict[str, Any], Field(max_length=50)] = Field(default_factory=dict)
    scheduled_time: WrittenAt | None = None
    expires_at: WrittenAt | None = None
    id: Name | None = None


class OutreachOut(Told):
    """What was asked for and what became of it. channel, sent_at, user_response: of the message, where there is one.

    template: the wording, by its title unfilled; polished_by: the language model that said it more finely, if one did.
    """

    id: int
    external_id: str | None
    user_id: ShownId
    outreach_type: str
    priority_score: float
    status: Literal["scheduled", "chosen", "folded", "expired", "cancelled"]
    trigger: str
    context_data: dict[str, Any]
    scheduled_time: Instant
    expires_at: Instant
    created_at: Instant
    closed_at: Instant | None
    intervention_id: int | None
    intervention_state: str | None
    channel: str | None
    template: str | None
    polished_by: str | None
    sent_at: Instant | None
    user_response: str | None
    responded_at: Instant | None


class AskedOut(OutreachOut):
    """The same. repeated: it was known by its id already, and is told as it is."""

    repeated: bool


class OutreachListOut(Told):
    """Latest first. next: `before` of the next page; null after the last."""

    outreach: list[OutreachOut]
    next: int | None
