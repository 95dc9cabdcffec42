"""Time is an argument. This is the only module that may look at a real clock."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from tactful.kernel.errors import BadInput

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
FUTURE_ALLOWED = timedelta(days=1)


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was put; for simulated time.

    >>> clock = SetClock(datetime(2026, 3, 29, 1, tzinfo=UTC))
    >>> clock.advance(timedelta(hours=1))
    >>> clock.now().hour
    2
    """

    at: datetime

    def now(self) -> datetime:
        """The instant the clock was last set to."""
        return self.at

    def advance(self, by: timedelta) -> None:
        """Move the hands forward."""
        self.at += by


def plausible(at: datetime, *, now: datetime, field: str, ahead: timedelta = FUTURE_ALLOWED) -> datetime:
    """`at` in UTC, if it is aware and between 1970 and a day (or `ahead`, whole days) from `now`.

    raises: BadInput naming `field` for naive times and times out of range.

    >>> plausible(datetime(2026, 1, 1, tzinfo=UTC), now=datetime(2026, 1, 2, tzinfo=UTC), field="t")
    datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    if at.tzinfo is None:
        raise BadInput(f"{field} needs a time zone, for example 2026-01-31T08:00:00Z.", fields=[field])
    if not EARLIEST <= at <= now + ahead:
        far = "one day" if ahead.days == 1 else f"{ahead.days} days"
        raise BadInput(f"{field} must lie between 1970 and {far} from now.", fields=[field])
    return at.astimezone(UTC)
