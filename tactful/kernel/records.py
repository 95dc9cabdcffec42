"""The records that verbs hand each other. Frozen; times are aware UTC; ids are the store's bigints."""

from dataclasses import dataclass
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


# Events and beats come by the thousand: a Struct is made ten times faster than a frozen dataclass,
# and the garbage collector passes it by.
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


class Beat(Struct, frozen=True, gc=False):
    """One presence beat from one open tab. time_on_page: seconds since the page was opened; in sight, if it says visit,
    its own name for this stay. seq: which of the visit's beats it is. final: the page was left."""

    person: str
    page: str
    at: datetime
    topic: str | None = None
    content_id: str | None = None
    time_on_page: float = 0.0
    scroll_count: int = 0
    mouse_hesitations: int = 0
    visit: str = ""
    seq: int = 0
    final: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What is said: rendered text and the place it leads to."""

    title: str
    body: str
    action: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """One intervention on its way through one channel, worded.

    intervention_id: goes through a channel once, so within it this tells a copy from another delivery
    address: where the channel finds the person; None where the product named none
    expires_at: when it is no longer worth saying
    secret, body, key: for programs: what it is signed with, JSON instead of the words, its own mark for copies
    """

    intervention_id: int
    channel: str
    address: str | None
    message: Message
    expires_at: datetime
    secret: str | None = None
    body: str | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that a channel took a delivery. reference: what the other side calls it."""

    reference: str


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for people who never said otherwise. Minutes of the local day; None for no quiet hours."""

    consented: bool
    quiet_start: int | None
    quiet_end: int | None
    max_per_day: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps that are the same for everybody. hours_between: least hours between two outreaches.

    Of live sessions: live_last_seconds before a planned end are left alone; live_least_viewers have to be there.
    """

    outreach_per_day: int
    hours_between: float
    in_context_per_day: int
    critical_per_day: int
    live_per_hour: int = 0
    live_last_seconds: float = 0
    live_least_viewers: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    """How educators are told who is critical. per_day: alerts each gets at most; again_days: when told once more."""

    per_day: int
    again_days: int
