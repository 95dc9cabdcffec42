"""Presence beats, and what becomes of them."""

from datetime import datetime
from enum import StrEnum

from msgspec import Struct


class Heard(StrEnum):
    """What became of a beat; nothing is stored of any but the first."""

    OK = "ok"
    NO_CONSENT = "no_consent"
    ERASED = "erased"
    TOO_OLD = "too_old"


# As many as events, so a Struct as well.
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
