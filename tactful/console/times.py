"""Instants and stretches of time as people say them."""

from datetime import UTC, datetime, timedelta

STEPS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


def ago(past: timedelta) -> str:
    """How long ago, as people say it.

    >>> ago(timedelta(seconds=20)), ago(timedelta(minutes=1)), ago(timedelta(hours=30))
    ('just now', '1 minute ago', '1 day ago')
    """
    for step, name in STEPS:
        if past >= step:
            return f"{past // step} {name}{'s' * (past // step > 1)} ago"
    return "just now"


def instant(at: datetime) -> str:
    """An instant for people.

    >>> instant(datetime(2026, 1, 1, 9, 30, tzinfo=UTC))
    '1 Jan 2026, 09:30 UTC'
    """
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def clock(at: datetime) -> str:
    """The time of day of an instant of today.

    >>> clock(datetime(2026, 1, 1, 9, 30, 5, tzinfo=UTC))
    '09:30:05'
    """
    return f"{at.astimezone(UTC):%H:%M:%S}"
