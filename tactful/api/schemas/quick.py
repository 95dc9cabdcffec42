"""Batches of events read at a glance: the common, plain ones, many times faster than the model reads them.

This never refuses anything. Whatever it does not take in, the model judges, and says what is wrong;
whatever it does take in, the model would have read the same way, which a test holds it to.
"""

import re
from datetime import datetime
from typing import Annotated

from msgspec import Meta, MsgspecError, Struct
from msgspec.json import Decoder

from tactful.api.schemas import wire
from tactful.sense.limits import KEY, LARGEST, LONGEST_KEY, LONGEST_NAME, LONGEST_TEXT, MOST_EVENTS, MOST_PROPERTIES

# Text with these may hide something: escapes, a character that cannot be shown, a name that begins
# with a blank and may have nothing else in it.
DOUBTFUL = (b"\\", b"\x7f", b'" ')

Name = Annotated[str, Meta(min_length=1, max_length=LONGEST_NAME)]
Number = Annotated[float, Meta(ge=-LARGEST, le=LARGEST)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]


class Plain(Struct, forbid_unknown_fields=True, gc=False):
    """An event as it came, with the fields of EventIn."""

    id: Name
    kind: str
    occurred_at: Annotated[datetime, Meta(tz=True)]
    user_id: Name | Annotated[int, Meta(ge=0, le=wire.LARGEST)] | None = None
    content_id: Name | None = None
    skill_id: Name | None = None
    topic: Name | None = None
    properties: Annotated[dict[str, Number | bool | Text], Meta(max_length=MOST_PROPERTIES)] = {}


class Batch(Struct, forbid_unknown_fields=True):
    """A body."""

    events: Annotated[list[Plain], Meta(min_length=1, max_length=MOST_EVENTS)]


DECODER = Decoder(Batch)
FITS = re.compile(KEY).match


def read(raw: bytes) -> list[Plain] | None:
    """The events of a body; None where it takes a closer look.

    >>> [one.kind for one in read(b'{"events":[{"id":"1","kind":"visit","occurred_at":"2026-01-31T08:00:00Z"}]}')]
    ['visit']
    """
    if any(mark in raw for mark in DOUBTFUL):
        return None
    try:
        events = DECODER.decode(raw).events
    except (MsgspecError, UnicodeDecodeError):
        return None
    # Few names serve many events: each is looked at once.
    keys = {one.kind for one in events}.union(*(one.properties for one in events))
    return events if all(len(key) <= LONGEST_KEY and FITS(key) for key in keys) else None
