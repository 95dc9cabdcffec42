"""What is asked about content before somebody starts it, and what they tell of it afterwards, held to its limits."""

from typing import Any

from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.sense.people import ENTRY, MOST_NAMES, told_of_entries

# What content comes after and what is like it, in the words of the predictive interface.
NAMES = ("prerequisites", "similar_topics")
# The longest that anybody took [s].
LONGEST_ATTEMPT = 31_536_000.0


def content(told: Any, path: str = "") -> None:
    """What is said about content in a question: content_id, kind, difficulty, prerequisites, similar.

    path: stands before the names of fields, with a dot. raises: BadInput.
    """
    limits.name(told.content_id, f"{path}content_id")
    if told.kind is not None and (not isinstance(told.kind, str) or not ENTRY.match(told.kind)):
        raise BadInput(f"{path}type must be {told_of_entries()}.", fields=[f"{path}type"])
    if told.difficulty is not None:
        limits.within(told.difficulty, f"{path}difficulty_rating", 0, 1)
    for field, names in zip(NAMES, (told.prerequisites, told.similar), strict=True):
        limits.names(names, f"{path}{field}", MOST_NAMES)


def outcome(content_id: Any, struggled: Any, seconds: Any, gave_up: Any) -> None:
    """What came of an attempt. raises: BadInput."""
    limits.name(content_id, "content_id")
    for name, value in (("struggled", struggled), ("gave_up", gave_up)):
        if not isinstance(value, bool):
            raise BadInput(f"{name} must be true or false.", fields=[name])
    if seconds is not None:
        limits.within(seconds, "completion_time_seconds", 0, LONGEST_ATTEMPT)


def behaviour(told: Any, path: str = "") -> None:
    """What a page tells of somebody who may need help: where they are, and what they did there. raises: BadInput."""
    limits.name(told.page, f"{path}page")
    for field in ("topic", "content_id", "concept"):
        if getattr(told, field) is not None:
            limits.name(getattr(told, field), f"{path}{field}")
    limits.within(told.time_on_section, f"{path}time_on_section", 0, limits.LONGEST_STAY)
    for field in ("scroll_count", "mouse_hesitations"):
        limits.whole(getattr(told, field), f"{path}{field}", 0, limits.LARGEST_COUNT)
