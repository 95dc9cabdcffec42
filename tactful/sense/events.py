"""What may come in: events and beats from a host application, checked before anything is written.

Pure: no clock, no database. HTTP has read names, texts and numbers by schemas made of the same
limits; what properties mean is looked at here for everybody.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tactful.facts.beats import Beat
from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tactful.sense import limits
from tactful.sense.limits import LARGEST_COUNT, LONGEST_STAY, MEANT


def batch(events: Sequence[Event], *, now: datetime) -> list[Event]:
    """All events, checked, with times in UTC and empty subjects as None.

    raises: BadInput naming the first field that does not fit; then nothing of the batch is taken.
    """
    return [event(one, f"events.{number}", now=now) for number, one in enumerate(events)]


def meant(events: Sequence[Event]) -> Sequence[Event]:
    """Events that fit in all else, if the properties that the engine reads do too. raises: BadInput."""
    said = [one.properties for one in events]
    # By column, which is many times faster; only where one does not fit is each looked at, to name it.
    if not all(limits.column_fits(name, said) for name in MEANT.intersection(set().union(*said))):
        for number, properties in enumerate(said):
            limits.meanings(properties, f"events.{number}.properties")
    return events


def event(one: Event, path: str, *, now: datetime) -> Event:
    """One event, checked. path: how errors call it."""
    for name in ("id", "person"):
        limits.name(getattr(one, name), f"{path}.{name}")
    limits.key(one.kind, f"{path}.kind")
    for name in ("content_id", "skill_id", "topic"):
        if getattr(one, name):
            limits.name(getattr(one, name), f"{path}.{name}")
    at = _time(one.occurred_at, f"{path}.occurred_at", now)
    if one.properties:
        limits.properties(one.properties, f"{path}.properties")
    return replace(
        one,
        occurred_at=at,
        content_id=one.content_id or None,
        skill_id=one.skill_id or None,
        topic=one.topic or None,
    )


def beat(one: Beat, *, now: datetime, path: str = "") -> Beat:
    """One presence beat, checked. path: stands before the names of fields. raises: BadInput naming the field."""
    for name in ("person", "page"):
        limits.name(getattr(one, name), f"{path}{name}")
    for name in ("topic", "content_id", "visit"):
        if getattr(one, name):
            limits.name(getattr(one, name), f"{path}{name}")
    limits.within(one.time_on_page, f"{path}time_on_page", 0, LONGEST_STAY)
    for name in ("scroll_count", "mouse_hesitations", "seq"):
        limits.within(getattr(one, name), f"{path}{name}", 0, LARGEST_COUNT)
    return replace(
        one,
        at=_time(one.at, f"{path}at", now),
        topic=one.topic or None,
        content_id=one.content_id or None,
        time_on_page=float(one.time_on_page),
    )


def _time(value: Any, path: str, now: datetime) -> datetime:
    if not isinstance(value, datetime):
        raise BadInput(f"{path} must be a time.", fields=[path])
    return plausible(value, now=now, field=path)
