"""What may be asked to be said to a person, checked before anything is written."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from tactful.facts.outreach import TYPES
from tactful.kernel.errors import BadInput
from tactful.sense import limits

# How long what nobody gave an end stays worth saying.
LASTS = timedelta(days=7)
# The furthest ahead that something is asked for.
AHEAD = timedelta(days=366)
# What it is about, as JSON [letters].
MOST_ABOUT = 4_000


def fitting(
    outreach_type: Any,
    priority_score: Any,
    context_data: Any,
    *,
    scheduled_time: datetime,
    expires_at: datetime | None,
    now: datetime,
) -> dict[str, Any]:
    """What is asked for, as it is written. raises: BadInput naming the field.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 4, tzinfo=UTC)
    >>> told = fitting("check_in", 0.5, {}, scheduled_time=now, expires_at=None, now=now)
    >>> told["expires_at"] - now
    datetime.timedelta(days=7)
    """
    if outreach_type not in TYPES:
        known = ", ".join(TYPES)
        raise BadInput(f"outreach_type: {outreach_type} is none; known are {known}.", fields=["outreach_type"])
    limits.within(priority_score, "priority_score", 0, 1)
    until = scheduled_time + LASTS if expires_at is None else expires_at
    if until <= max(scheduled_time, now):
        raise BadInput("expires_at must be later than scheduled_time, and than now.", fields=["expires_at"])
    if until - now > AHEAD + LASTS:
        raise BadInput("expires_at must be within a year.", fields=["expires_at"])
    return {
        "outreach_type": outreach_type,
        "priority_score": float(priority_score),
        "context_data": _about(context_data),
        "scheduled_time": scheduled_time,
        "expires_at": until,
    }


def _about(told: Any) -> dict[str, Any]:
    if not isinstance(told, Mapping):
        raise BadInput("context_data must be an object.", fields=["context_data"])
    try:
        text = json.dumps(told, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadInput("context_data must be what JSON can say.", fields=["context_data"]) from error
    if len(text) > MOST_ABOUT or "\\u0000" in text:
        told_of = f"context_data may have {MOST_ABOUT} letters as JSON, and none of them null."
        raise BadInput(told_of, fields=["context_data"])
    return dict(told)
