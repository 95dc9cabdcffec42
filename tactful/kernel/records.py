"""The records that verbs hand each other. Frozen; times are aware UTC; ids are the store's bigints."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from msgspec import Struct

# The channel every decision goes through: the product itself, where everybody can be reached.
IN_APP = "in_app"


class Initiative(StrEnum):
    """Who took the first step, and so which guard rails bind."""

    ASKED = "asked"
    IN_CONTEXT = "in_context"
    NUDGE = "nudge"
    OUTREACH = "outreach"


class Response(StrEnum):
    """What a person did with an intervention."""

    ENGAGED = "engaged"
    DISMISSED = "dismissed"
    IGNORED = "ignored"
    SNOOZED = "snoozed"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of intervention: what it is called, who starts it, how long it stays worth saying.

    cooldown: least time between two of this kind for one person
    lifetime: how long after the decision it may still be shown or released
    deferrable: whether quiet hours postpone it instead of dropping it
    critical: belongs to the small class with its own cap
    """

    name: str
    initiative: Initiative
    cooldown: timedelta
    lifetime: timedelta
    purpose: str = "engagement"
    deferrable: bool = False
    critical: bool = False


# Events come by the thousand: a Struct is made ten times faster than a dataclass, and no garbage collector looks at it.
class Event(Struct, frozen=True, gc=False):
    """A fact a client sent. `id` makes it count once within its organisation."""

    id: str
    person: str
    kind: str
    occurred_at: datetime
    content_id: str | None = None
    skill_id: str | None = None
    topic: str | None = None
    properties: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, and the place it leads to. template: its wording, by title unfilled; polished_by: a model."""

    title: str
    body: str
    action: str
    template: str = field(default="", compare=False)
    polished_by: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One intervention on its way to one address, worded.

    intervention_id: goes to an address once, so there this tells a copy from another delivery
    address: where the channel finds them, None where there is nothing to find; expires_at: when it is not worth saying
    out: the web address where whoever has it stops all of this at once; mark: names it in answers that come back
    language: of the words, as a locale
    secret, body, key: for programs: what it is signed with, JSON instead of the words, its own mark for copies
    """

    intervention_id: int
    channel: str
    address: str | None
    message: Message
    expires_at: datetime
    out: str = ""
    mark: str = ""
    language: str = "en"
    secret: str | None = None
    body: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a channel took a delivery. reference: what the other side calls it."""

    reference: str
