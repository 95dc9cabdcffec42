"""What may come in from a live audience, checked before anything is written. Pure: no clock, no database."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from tactful.facts.audiences import Signal
from tactful.kernel.clock import EARLIEST
from tactful.kernel.errors import BadInput
from tactful.sense import limits

# What an audience does, and what the sums of it are called.
KINDS = {
    "join": "joins",
    "leave": "leaves",
    "chat": "chats",
    "reaction": "reactions",
    "poll_vote": "votes",
    "question": "questions",
    "hand_raised": "hands",
    "attention": "attention_count",
}
# Signals of one request.
MOST_SIGNALS = 1000
# How many may be told of at once, where nobody is named.
MOST_AT_ONCE = 100_000
# Clocks of browsers differ: so far ahead of ours they may be.
AHEAD = timedelta(seconds=60)


def batch(signals: Sequence[Signal], *, now: datetime) -> list[Signal]:
    """All signals, checked, with times in UTC. raises: BadInput naming the first field that does not fit."""
    return [signal(each, f"signals.{number}", now=now) for number, each in enumerate(signals)]


def signal(told: Signal, path: str, *, now: datetime) -> Signal:
    """One signal, checked. path: how errors call it. raises: BadInput.

    >>> from datetime import UTC
    >>> at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> signal(Signal("1", "keynote", "chat", at, "ana"), "signals.0", now=at).kind
    'chat'
    """
    limits.name(told.id, f"{path}.id")
    limits.name(told.session, "session_id")
    if told.kind not in KINDS:
        field = f"{path}.kind"
        raise BadInput(f"{field} must be one of {', '.join(KINDS)}.", fields=[field])
    if told.participant is not None:
        limits.name(told.participant, f"{path}.user_id")
    _amount(told, path)
    if told.properties:
        limits.properties(told.properties, f"{path}.properties")
    return replace(told, at=when(told.at, f"{path}.at", now=now))


def when(at: datetime, field: str, *, now: datetime) -> datetime:
    """`at` in UTC. raises: BadInput where it has no zone or lies more than a minute ahead."""
    if at.tzinfo is None:
        raise BadInput(f"{field} needs a time zone, for example 2026-01-31T08:00:00Z.", fields=[field])
    if not EARLIEST <= at <= now + AHEAD:
        raise BadInput(f"{field} must not lie more than a minute from now; is the clock right?", fields=[field])
    return at.astimezone(now.tzinfo)


def _amount(told: Signal, path: str) -> None:
    limits.within(told.count, f"{path}.count", 1, MOST_AT_ONCE)
    if told.count > 1 and told.participant is not None:
        field = f"{path}.count"
        raise BadInput(f"{field} tells of several, so no user_id may be named beside it.", fields=[field])
    if told.kind == "attention":
        limits.within(told.value, f"{path}.value", 0, 1)
    elif told.value is not None:
        raise BadInput(f"{path}.value belongs to attention alone.", fields=[f"{path}.value"])
