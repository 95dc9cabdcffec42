"""When a beat was that a page kept for a while, told by a browser's clock. Pure."""

from datetime import datetime, timedelta

from tactful.kernel.clock import plausible
from tactful.kernel.errors import BadInput

# A message takes a moment, and clocks differ by one. What is less than this is left as it is, so that beats of one
# page keep their distances from each other.
NEAR = timedelta(minutes=2)


def when(occurred_at: datetime, sent_at: datetime | None, *, now: datetime, field: str) -> datetime:
    """When it was, by our clock and not after `now`. sent_at: what the page's clock showed as it sent this.

    raises: BadInput where that cannot be.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> fast = now + timedelta(hours=5)
    >>> when(fast - timedelta(minutes=10), fast, now=now, field="occurred_at").minute
    50
    """
    if sent_at is not None and abs(now - sent_at) > NEAR:
        try:
            occurred_at += now - sent_at
        except OverflowError:
            raise BadInput(f"{field} is no time that can be.", fields=[field]) from None
    return min(plausible(occurred_at, now=now, field=field), now)
