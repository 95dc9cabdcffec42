"""What may be said to us, checked before anything is written. Pure: no clock, no database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tactful.facts.interactions import LONGEST_MESSAGE, Interaction
from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput
from tactful.sense import limits

# Messages of one request.
MOST = 500
# Of another system's making, and no larger than JSON carries to every client.
LARGEST_TELEGRAM_ID = 2**53 - 1


def batch(told: Sequence[Interaction], paths: Sequence[str], *, now: datetime) -> list[Interaction]:
    """All messages, checked, with times in UTC. paths: what errors call each, with a dot behind.

    raises: BadInput naming the first field that does not fit; then nothing of the batch is taken.
    """
    if len(told) > MOST:
        raise BadInput(f"At most {MOST} interactions at a time; these are {len(told)}.", fields=["interactions"])
    return [interaction(one, path, now=now) for one, path in zip(told, paths, strict=True)]


def interaction(one: Interaction, path: str = "", *, now: datetime) -> Interaction:
    """One message, checked. raises: BadInput naming the field that does not fit."""
    limits.name(one.person, f"{path}user_id")
    message(one.message_text, f"{path}message_text")
    if one.previous_bot_message:
        message(one.previous_bot_message, f"{path}previous_bot_message")
    for name in ("engagement_type", "channel"):
        limits.key(getattr(one, name), f"{path}{name}")
    for name in ("id", "session_id"):
        if getattr(one, name):
            limits.name(getattr(one, name), f"{path}{name}")
    if one.telegram_id is not None:
        limits.whole(one.telegram_id, f"{path}telegram_id", 0, LARGEST_TELEGRAM_ID)
    before = one.previous_bot_message_at
    return replace(
        one,
        occurred_at=_time(one.occurred_at, f"{path}occurred_at", now),
        previous_bot_message_at=None if before is None else _time(before, f"{path}previous_bot_message_at", now),
        id=one.id or None,
        session_id=one.session_id or None,
        previous_bot_message=one.previous_bot_message or None,
    )


def message(value: Any, path: str) -> None:
    """What somebody says: any text with something in it. raises: BadInput.

    >>> message("🎉", "message_text")
    """
    if not isinstance(value, str) or not value.strip():
        raise BadInput(f"{path} must be text with something in it.", fields=[path])
    if len(value) > LONGEST_MESSAGE:
        raise BadInput(f"{path} may have {LONGEST_MESSAGE:,} characters; it has {len(value):,}.", fields=[path])
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadInput(f"{path} has a NUL character or half a character in it.", fields=[path])


def _time(value: Any, path: str, now: datetime) -> datetime:
    if not isinstance(value, datetime):
        raise BadInput(f"{path} must be a time.", fields=[path])
    return plausible(value, now=now, field=path)
