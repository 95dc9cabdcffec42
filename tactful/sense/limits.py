"""What fits: the limits of names, texts, numbers and properties, the same at every door.

HTTP, the library and imports all take theirs from here, so what one lets in the others do too.
Every error names the field by its path, as in `events.3.occurred_at`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import time
from typing import Any

from tactful.facts import zones
from tactful.kernel.errors import BadInput

# Characters of an id or a name; and of any other text.
LONGEST_NAME = 255
LONGEST_TEXT = 2000
# Characters that no name has.
CONTROL = r"[\x00-\x1f\x7f]"
UNSEEN = re.compile(CONTROL + r"|[\ud800-\udfff]")
# What an event is, and what its properties are called: one word, so that rules and reports can name it.
KEY = r"^[A-Za-z_][A-Za-z0-9_.-]*$"
LONGEST_KEY = 64
WORD = re.compile(KEY[:-1] + r"\Z")
# A time of the day: decisions know it by the minute.
MINUTE = r"^([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"
WRITTEN_MINUTE = re.compile(MINUTE[:-1] + r"\Z")
# Properties of one event; each is a number, a text, true or false.
MOST_PROPERTIES = 32
# Events of one request.
MOST_EVENTS = 1000
# Beats of one request.
MOST_BEATS = 500
# Numbers beyond this are mistakes, and double precision counts no further in whole steps.
LARGEST = 1e15
# Nobody stays on one page for longer than a week [s].
LONGEST_STAY = 604_800.0
LARGEST_COUNT = 2**31 - 1
# Our own numbers of decisions, interventions and ticks.
LARGEST_ID = 2**63 - 1

# Properties the engine reads, and between what; others mean what the product wants.
RANGES = {"score": (0.0, 1.0), "sentiment": (-1.0, 1.0), "seconds": (0.0, 86_400.0)}
FLAGS = ("correct", "completed")
MEANT = frozenset((*RANGES, *FLAGS))


def name(value: Any, path: str) -> None:
    """A name or an id. raises: BadInput."""
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{path} must be text with something in it.", fields=[path])
    if len(value) > LONGEST_NAME:
        raise BadInput(f"{path} may have {LONGEST_NAME} characters; it has {len(value)}.", fields=[path])
    if UNSEEN.search(value):
        raise BadInput(f"{path} has control characters or half a character in it.", fields=[path])


def names(values: Any, path: str, most: int) -> None:
    """A list of up to `most` names. raises: BadInput."""
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise BadInput(f"{path} must be a list of names.", fields=[path])
    if len(values) > most:
        raise BadInput(f"{path} may have {most} entries; it has {len(values)}.", fields=[path])
    for number, each in enumerate(values):
        name(each, f"{path}.{number}")


def key(value: Any, path: str) -> None:
    """A kind or the name of a property. raises: BadInput."""
    if not isinstance(value, str) or len(value) > LONGEST_KEY or not WORD.match(value):
        raise BadInput(f"{path} must be {told_of_keys()}.", fields=[path])


def told_of_keys() -> str:
    """What a key must be, in words."""
    return f"up to {LONGEST_KEY} letters, digits, dots, hyphens and underscores, with a letter or underscore first"


def text(value: Any, path: str) -> None:
    """Any text. raises: BadInput."""
    if not isinstance(value, str):
        raise BadInput(f"{path} must be text.", fields=[path])
    if len(value) > LONGEST_TEXT:
        raise BadInput(f"{path} may have {LONGEST_TEXT} characters; it has {len(value)}.", fields=[path])
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(f"{path} has a NUL character or half a character in it.", fields=[path])


def remark(value: Any, path: str) -> None:
    """Any text that may be left out (empty), but does not consist of blanks. raises: BadInput."""
    text(value, path)
    if value and not value.strip():
        raise BadInput(f"{path} {told_of_remarks()}.", fields=[path])


def told_of_remarks() -> str:
    """What a remark must be, in words."""
    return "must have something in it besides blanks; leave it out where there is nothing to say"


def within(value: Any, path: str, low: float, high: float) -> None:
    """A number from `low` to `high`. raises: BadInput."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not low <= value <= high:
        raise BadInput(f"{path} must be a number from {low:g} to {high:g}.", fields=[path])


def whole(value: Any, path: str, low: int, high: int) -> None:
    """A whole number from `low` to `high`. raises: BadInput."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise BadInput(f"{path} must be a whole number from {low} to {high}.", fields=[path])


def minute(value: Any, path: str) -> time:
    """A time of the day, by the minute; as such or as text like 22:00. raises: BadInput."""
    if isinstance(value, str) and WRITTEN_MINUTE.match(value):
        return time.fromisoformat(value)
    if isinstance(value, time) and value.tzinfo is None and not value.second and not value.microsecond:
        return value
    raise BadInput(f"{path} must be {told_of_minutes()}.", fields=[path])


def told_of_minutes() -> str:
    """What a time of the day must be, in words."""
    return "a time of the day in whole minutes and without a zone, like 22:00"


def zone(value: Any, path: str) -> None:
    """An IANA time zone. raises: BadInput."""
    if not isinstance(value, str) or not zones.known(value):
        raise BadInput(f"{path} must be {told_of_zones()}.", fields=[path])


def told_of_zones() -> str:
    """What a zone must be, in words."""
    return "an IANA time zone like Europe/Lisbon"


def properties(values: Any, path: str) -> None:
    """The properties of one event. raises: BadInput."""
    if not isinstance(values, dict):
        raise BadInput(f"{path} must map names to values.", fields=[path])
    if len(values) > MOST_PROPERTIES:
        raise BadInput(f"{path} may have {MOST_PROPERTIES} entries; it has {len(values)}.", fields=[path])
    for called, value in values.items():
        key(called, f"{path}.{str(called)[:50]}")
        _single(value, f"{path}.{called}")
    meanings(values, path)


def meanings(values: dict[str, Any], path: str) -> None:
    """Those properties that the engine reads. raises: BadInput.

    Not the device's zone: browsers know names that mean no place, and that is nobody's mistake.
    """
    if MEANT.isdisjoint(values):
        return
    for called, (low, high) in RANGES.items():
        if called in values:
            within(values[called], f"{path}.{called}", low, high)
    for called in FLAGS:
        if called in values and not isinstance(values[called], bool):
            raise BadInput(f"{path}.{called} must be true or false.", fields=[f"{path}.{called}"])


def column_fits(called: str, properties: Sequence[Mapping[str, Any]]) -> bool:
    """Whether every value of one of MEANT, among these properties of many events, means something."""
    values = [one[called] for one in properties if called in one]
    kinds = set(map(type, values))
    if called in FLAGS:
        return kinds <= {bool}
    low, high = RANGES[called]
    return kinds <= {int, float} and (not values or (low <= min(values) and max(values) <= high))


def _single(value: Any, path: str) -> None:
    if isinstance(value, str):
        text(value, path)
    elif not isinstance(value, bool):
        if not isinstance(value, (int, float)):
            raise BadInput(f"{path} must be text, a number, true or false.", fields=[path])
        within(value, path, -LARGEST, LARGEST)
