"""Interventions, the answers to them, and preferences."""

from typing import Annotated, Literal

from pydantic import Field

from tactful.api.schemas.wire import Instant, Name, ShownId, Told, UserId, WallTime, Whole, Wire, example
from tactful.kernel.records import Response

Id = Annotated[int, Field(ge=1, le=2**53 - 1)]


class InterventionOut(Told):
    """One intervention a person may see now."""

    id: int
    intervention_log_id: int
    intervention_type: str
    priority: int
    title: str
    message: str
    action: str
    trigger: str
    decision_id: int | None
    triggered_at: Instant
    expires_at: Instant
    shown_at: Instant
    snoozed: bool


class InterventionsOut(Told):
    """Everything a person may see now, most important first."""

    count: int
    interventions: list[InterventionOut]


class ResponseIn(Wire):
    """What a person did with an intervention."""

    model_config = example(intervention_log_id=7, user_response="engaged")
    intervention_log_id: Id
    user_response: Annotated[Response, Field(strict=False)]
    user_id: UserId | None = None


class ResponseOut(Told):
    """The answer that counts: the first, unless that one was to snooze. comes_back_at: when snoozed."""

    status: Literal["recorded", "already_recorded"]
    intervention_log_id: int
    user_response: Response
    responded_at: Instant
    comes_back_at: Instant | None


class PreferencesIn(Wire):
    """What to change; what is left out stays. Times are of the person's own day; both null: no quiet hours.

    Quiet hours begin and end at whole minutes: 22:00, or 22:00:00.
    """

    model_config = example(quiet_hours_start="22:00:00", quiet_hours_end="08:00:00", max_notifications_per_day=3)
    dnd_enabled: bool = False
    quiet_hours_start: WallTime | None = None
    quiet_hours_end: WallTime | None = None
    max_notifications_per_day: int = Field(default=0, ge=0, le=100)
    disabled_intervention_types: list[Name] = Field(default_factory=list, max_length=100)
    disabled_channels: list[Name] = Field(default_factory=list, max_length=20)
    preferred_channel: Name | None = None
    user_id: UserId | None = None


class PreferencesOut(Told):
    """How a person wants to be reached, and what there is for them to switch off: intervention_types and channels."""

    user_id: ShownId
    dnd_enabled: bool
    quiet_hours_start: str | None
    quiet_hours_end: str | None
    max_notifications_per_day: Whole
    disabled_intervention_types: list[str]
    disabled_channels: list[str]
    preferred_channel: str | None
    intervention_types: list[str]
    channels: list[str]


class ConsentIn(Wire):
    """What to change; what is left out stays.

    presence: to be followed from page to page; engagement: to be reached; outreach: also outside the product.
    """

    model_config = example(presence=True)
    presence: bool | None = None
    engagement: bool | None = None
    outreach: bool | None = None
    user_id: UserId | None = None


class ConsentOut(Told):
    """What a person said to each; null where they never said anything."""

    user_id: ShownId
    presence: bool | None
    engagement: bool | None
    outreach: bool | None


class WayOut(Told):
    """How to stop something: in words, and what `PUT /proactive/preferences` takes to do it."""

    words: str
    change: dict[str, bool | list[str]]


class WhyOut(Told):
    """Why somebody got something. because: the reason; facts: what was known of them then; limits: theirs, of now."""

    intervention_log_id: int
    intervention_type: str
    title: str
    message: str
    channel: str
    triggered_at: Instant
    shown_at: Instant
    because: str
    facts: list[str]
    limits: list[str]
    stop: list[WayOut]
