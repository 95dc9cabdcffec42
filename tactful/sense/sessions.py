"""What may be said of a live session, checked before anything is written. Pure."""

from datetime import datetime, timedelta

from tactful.facts.audiences import LiveSession
from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput
from tactful.sense import limits
from tactful.sense.signals import when

MODES = ("manual", "semi_automatic", "automatic")
ITEMS = ("talk", "break", "questions")
MOST_ITEMS = 100
# A session may be planned so far ahead, and may be planned to last so long.
AHEAD = timedelta(days=730)
LONGEST = timedelta(days=7)
# So long ago it may have begun when it is told to have.
BEGUN = timedelta(hours=12)


def session(told: LiveSession, *, now: datetime) -> None:
    """A live session that can be. raises: BadInput naming the first field that does not fit."""
    limits.name(told.id, "session_id")
    limits.name(told.event_id, "event_id")
    limits.text(told.title, "title")
    limits.text(told.topic, "topic")
    mode(told.mode)
    _span(told.starts_at, told.ends_at, "", now)
    if len(told.agenda) > MOST_ITEMS:
        raise BadInput(f"agenda may have {MOST_ITEMS} entries; it has {len(told.agenda)}.", fields=["agenda"])
    for number, item in enumerate(told.agenda):
        path = f"agenda.{number}."
        if item.kind not in ITEMS:
            raise BadInput(f"{path}kind must be one of {', '.join(ITEMS)}.", fields=[f"{path}kind"])
        limits.text(item.title, f"{path}title")
        _span(item.starts_at, item.ends_at, path, now)


def mode(told: str) -> None:
    """A mode that there is. raises: BadInput."""
    if told not in MODES:
        raise BadInput(f"mode must be one of {', '.join(MODES)}.", fields=["mode"])


def begun(at: datetime, *, now: datetime) -> datetime:
    """When a session began, in UTC, not after `now`.

    raises: BadInput where that is to come, or longer ago than BEGUN.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> begun(now - timedelta(minutes=5), now=now).minute
    55
    """
    at = min(when(at, "started_at", now=now), now)
    if at < now - BEGUN:
        told = f"started_at must not lie more than {BEGUN.total_seconds() / 3600:.0f} hours back."
        raise BadInput(told, fields=["started_at"])
    return at


def _span(start: datetime | None, end: datetime | None, path: str, now: datetime) -> None:
    for name, value in (("starts_at", start), ("ends_at", end)):
        if value is not None:
            plausible(value, now=now, field=f"{path}{name}", ahead=AHEAD)
    if start is not None and end is not None and not start < end <= start + LONGEST:
        field = f"{path}ends_at"
        raise BadInput(f"{field} must come after starts_at, by a week at most.", fields=[field])
