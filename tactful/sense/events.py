"""What may come in: events and beats from a host application, checked before anything is written.

Pure: no clock, no database. HTTP has a schema of its own; this is the door of the library.
Every error names the field by its path, as in `events[3].occurred_at`.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tactful.facts import zones
from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Beat, Event

# Characters of an id, a name, a kind; and of any other text.
LONGEST_NAME = 255
LONGEST_TEXT = 2000
# Values among an event's properties, nested ones included, and how deep they may be nested.
MOST_PROPERTIES = 64
DEEPEST = 3
# Numbers beyond this are mistakes, and double precision counts no further in whole steps.
LARGEST = 1e15
# Nobody stays on one page for longer than a week [s].
LONGEST_STAY = 604_800.0
LARGEST_COUNT = 2**31 - 1

# Properties the engine reads, and between what; others mean what the product wants.
RANGES = {"score": (0.0, 1.0), "sentiment": (-1.0, 1.0), "seconds": (0.0, 86_400.0)}
FLAGS = ("correct", "completed")


def batch(events: Sequence[Event], *, now: datetime) -> list[Event]:
    """All events, checked, with times in UTC and empty subjects as None.

    raises: BadInput naming the first field that does not fit; then nothing of the batch is taken.
    """
    return [event(one, f"events[{number}]", now=now) for number, one in enumerate(events)]


def event(one: Event, path: str, *, now: datetime) -> Event:
    """One event, checked. path: how errors call it."""
    for name in ("id", "person", "kind"):
        _name(getattr(one, name), f"{path}.{name}")
    for name in ("content_id", "skill_id", "topic"):
        if getattr(one, name):
            _name(getattr(one, name), f"{path}.{name}")
    at = _time(one.occurred_at, f"{path}.occurred_at", now)
    if one.properties:
        _properties(one.properties, f"{path}.properties")
    return replace(
        one,
        occurred_at=at,
        content_id=one.content_id or None,
        skill_id=one.skill_id or None,
        topic=one.topic or None,
    )


def beat(one: Beat, *, now: datetime) -> Beat:
    """One presence beat, checked. raises: BadInput naming the field."""
    for name in ("person", "page"):
        _name(getattr(one, name), name)
    for name in ("topic", "content_id"):
        if getattr(one, name):
            _name(getattr(one, name), name)
    _within(one.time_on_page, "time_on_page", 0, LONGEST_STAY)
    for name in ("scroll_count", "mouse_hesitations"):
        _within(getattr(one, name), name, 0, LARGEST_COUNT)
    return replace(one, at=_time(one.at, "at", now), topic=one.topic or None, content_id=one.content_id or None)


def _name(value: Any, path: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{path} must be text with something in it.", fields=[path])
    if len(value) > LONGEST_NAME:
        raise BadInput(f"{path} may have {LONGEST_NAME} characters; it has {len(value)}.", fields=[path])
    if not value.isprintable():
        raise BadInput(f"{path} has characters that cannot be shown.", fields=[path])


def _time(value: Any, path: str, now: datetime) -> datetime:
    if not isinstance(value, datetime):
        raise BadInput(f"{path} must be a time.", fields=[path])
    return plausible(value, now=now, field=path)


def _within(value: Any, path: str, low: float, high: float) -> None:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise BadInput(f"{path} must be a number from {low:g} to {high:g}.", fields=[path])


def _properties(properties: Any, path: str) -> None:
    if not isinstance(properties, dict):
        raise BadInput(f"{path} must map names to values.", fields=[path])
    for count, _ in enumerate(_walk(properties, path, DEEPEST)):
        if count > MOST_PROPERTIES:
            raise BadInput(f"{path} may hold {MOST_PROPERTIES} values in all; these are more.", fields=[path])
    _meanings(properties, path)


def _meanings(properties: dict[str, Any], path: str) -> None:
    for name, (low, high) in RANGES.items():
        if properties.get(name) is not None:
            _within(properties[name], f"{path}.{name}", low, high)
    for name in FLAGS:
        if not isinstance(properties.get(name), (bool, type(None))):
            raise BadInput(f"{path}.{name} must be true or false.", fields=[f"{path}.{name}"])
    if not zones.known(properties.get("zone", "UTC")):
        raise BadInput(f"{path}.zone must be an IANA time zone like Europe/Lisbon.", fields=[f"{path}.zone"])


def _walk(value: Any, path: str, depth: int) -> Iterator[None]:
    """Check a value and all within it; yields once for each, so that the caller can stop at too many."""
    yield
    if isinstance(value, (dict, list)):
        if depth <= 0:
            raise BadInput(f"{path} is nested too deep; {DEEPEST} levels are allowed.", fields=[path])
        for inner, place in _inside(value, path):
            yield from _walk(inner, place, depth - 1)
    else:
        _single(value, path)


def _inside(value: dict[str, Any] | list[Any], path: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, list):
        yield from ((inner, f"{path}[{number}]") for number, inner in enumerate(value))
        return
    for name, inner in value.items():
        _name(name, f"{path}.{str(name)[:50]!r}")
        yield inner, f"{path}.{name}"


def _single(value: Any, path: str) -> None:
    if isinstance(value, str):
        _text(value, path)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if not -LARGEST <= value <= LARGEST:
            raise BadInput(f"{path} must be a number between -1e15 and 1e15.", fields=[path])
    elif value is not None and not isinstance(value, bool):
        raise BadInput(f"{path} must be text, a number, true, false, null, a list or a map.", fields=[path])


def _text(value: str, path: str) -> None:
    if len(value) > LONGEST_TEXT:
        raise BadInput(f"{path} may have {LONGEST_TEXT} characters; it has {len(value)}.", fields=[path])
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(f"{path} has a NUL character or half a character in it.", fields=[path])
