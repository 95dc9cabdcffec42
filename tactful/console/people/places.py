"""Places in lists as addresses carry them: after which row, or which entry, the next page begins."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any

from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.store.overseen.roster import PERSON, PLACES, RISK, Place
from tactful.store.overseen.timeline import Mark

WRONG = "{} must be what the page before called next."


def mark_of(place: Place) -> str:
    """A place in the list of people, for an address."""
    level, value, number = place
    return _packed([level, value.isoformat() if isinstance(value, datetime) else value, number])


def place_of(mark: str, sort: str) -> Place | None:
    """The place that such a mark stands for, None for the first page. raises: BadInput."""
    if not mark:
        return None
    try:
        level, value, number = _unpacked(mark)
        limits.whole(number, "after", 1, limits.LARGEST_ID)
        if level not in (*PLACES, "") or (sort == RISK) != bool(level):
            raise ValueError(level)
        return level, _value(value, sort), number
    except (ValueError, TypeError, BadInput):
        raise BadInput(WRONG.format("after"), fields=["after"]) from None


def _value(value: Any, sort: str) -> Any:
    if sort == PERSON:
        limits.name(value, "after")
        return value
    if value is None:
        return None
    if sort == RISK:
        limits.within(value, "after", 0, 1)
        return float(value)
    return _instant(value)


def mark_after(entry: dict[str, Any]) -> str:
    """Where a time line goes on after this entry, for an address."""
    return _packed([entry["at"].isoformat(), entry["kind"], entry["key"]])


def entry_of(mark: str) -> Mark | None:
    """The place in a time line that such a mark stands for, None for the first page. raises: BadInput."""
    if not mark:
        return None
    try:
        at, kind, key = _unpacked(mark)
        limits.text(kind, "before")
        limits.text(key, "before")
        return Mark(_instant(at), kind, key)
    except (ValueError, TypeError, BadInput):
        raise BadInput(WRONG.format("before"), fields=["before"]) from None


def _instant(value: Any) -> datetime:
    at = datetime.fromisoformat(value)
    if at.tzinfo is None:
        raise ValueError(value)
    return at


def _packed(parts: list[Any]) -> str:
    return urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _unpacked(mark: str) -> Any:
    return json.loads(urlsafe_b64decode(mark.encode()))
