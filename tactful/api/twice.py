"""Names that stand twice in one object of a body: which one is meant, nobody can know."""

import json
import re
from collections.abc import Iterator
from typing import Any

from msgspec import MsgspecError
from msgspec.json import decode

from tactful.api.schemas.wire import Wire

# Beyond this many bytes the last one counts: looking would cost more than reading the body does.
SMALL = 2048
# Text with these may hide a name from counting: written with escapes, or with a blank before its colon.
DOUBTFUL = re.compile(rb"\\|[ \t\n\r]:")


class Pairs(list[tuple[str, Any]]):
    """An object as it was written: every name, also those that come again."""


def twice(raw: bytes, read: Wire) -> str | None:
    """The path of a name that stands twice in one object of a small body; None where there is none.

    read: what the body was read as, which has each name once.
    """
    # Each name has a colon behind it. As many colons as fields: none of them came again, and nothing is nested.
    if len(raw) > SMALL or raw.count(b":") == len(read.model_fields_set) or _once(raw):
        return None
    return next(_again(json.loads(raw, object_pairs_hook=Pairs), ()), None)


def _once(raw: bytes) -> bool:
    """Whether there are as many names in the text as are left when each counts once; False for doubtful text."""
    try:
        return not DOUBTFUL.search(raw) and raw.count(b'":') == _names(decode(raw))
    except MsgspecError:
        return False


def _names(value: Any) -> int:
    found, inside = 0, value
    if type(value) is dict:
        found, inside = len(value), value.values()
    for each in inside:
        if type(each) is dict or type(each) is list:
            found += _names(each)
    return found


def _again(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, Pairs):
        seen: set[str] = set()
        for name, each in value:
            if name in seen:
                yield ".".join((*path, name))
            seen.add(name)
            yield from _again(each, (*path, name))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _again(each, (*path, str(number)))
