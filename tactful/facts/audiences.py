"""The records of live sessions that verbs hand each other. Times are aware UTC; ids are the product's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from msgspec import Struct

# How a live session stands that does not run, in words.
NOT_LIVE = {"planned": "has not begun", "ended": "has ended"}


class Signal(Struct, frozen=True, gc=False):
    """Something a live audience did. `id` makes it count once within its session.

    session: the product's own id. participant: theirs too; None where only numbers are told. count: how many of them,
    above 1 only where no participant is named. value: attention, 0 (elsewhere) to 1 (all there).
    """

    id: str
    session: str
    kind: str
    at: datetime
    participant: str | None = None
    count: int = 1
    value: float | None = None
    properties: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """Something on the agenda: a talk, a planned break, or time for questions."""

    kind: str
    starts_at: datetime
    ends_at: datetime
    title: str = ""


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A live session as an organisation describes it; ids are the product's own.

    mode: manual (every intervention waits for an organiser), semi_automatic (those of low risk do not), automatic.
    starts_at, ends_at: as planned; where the end is known, the natural taper towards it is too.
    """

    id: str
    event_id: str
    title: str = ""
    topic: str = ""
    language: str = "en"
    mode: str = "manual"
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    agenda: Sequence[Item] = ()
