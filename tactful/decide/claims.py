"""What may be claimed of a person's attention, and what is left of it then. The rules, in plain Python.

The database does the claiming, under the person's lock and in one statement for many people
(`store.attention`). This is the same in words a person can check; a test holds both to each other.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from tactful.facts.allowances import Limits
from tactful.kernel.records import Initiative, Kind

SPENDING = (Initiative.NUDGE, Initiative.OUTREACH)


@dataclass(frozen=True, slots=True)
class Attention:
    """One person's attention row. Counters belong to `local_day`; last_by_kind: kind -> epoch seconds."""

    local_day: date
    sent_today: int = 0
    outreach_today: int = 0
    in_context_today: int = 0
    critical_today: int = 0
    last_outreach_at: datetime | None = None
    last_by_kind: Mapping[str, float] = field(default_factory=dict)

    def on(self, day: date) -> "Attention":
        """The row as it counts on `day`: a later day starts at zero, an earlier one gives nothing back."""
        if day <= self.local_day:
            return self
        return Attention(day, last_outreach_at=self.last_outreach_at, last_by_kind=self.last_by_kind)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish for attention: a kind, on the person's local day, at an instant, under their own maximum."""

    kind: Kind
    day: date
    at: datetime
    max_per_day: int


def may_claim(row: Attention, wish: Wish, limits: Limits) -> bool:
    """Whether nothing in `row` stands against `wish`.

    Open interventions of the kind are not looked at here.
    """
    now = row.on(wish.day)
    kind = wish.kind
    return (
        not (kind.initiative in SPENDING and now.sent_today >= wish.max_per_day)
        and not (kind.initiative is Initiative.OUTREACH and _outreach_spent(now, wish.at, limits))
        and not (kind.initiative is Initiative.IN_CONTEXT and now.in_context_today >= limits.in_context_per_day)
        and not (kind.critical and now.critical_today >= limits.critical_per_day)
        and not _cooling(now, wish)
    )


def _outreach_spent(now: Attention, at: datetime, limits: Limits) -> bool:
    apart = timedelta(hours=limits.hours_between)
    early = now.last_outreach_at is not None and now.last_outreach_at + apart > at
    return early or now.outreach_today >= limits.outreach_per_day


def _cooling(now: Attention, wish: Wish) -> bool:
    last, rest = now.last_by_kind.get(wish.kind.name), wish.kind.cooldown.total_seconds()
    return last is not None and rest > 0 and last + rest > wish.at.timestamp()


def claimed(row: Attention, wish: Wish) -> Attention:
    """`row` after the claim; ask `may_claim` first.

    >>> from datetime import UTC
    >>> kind = Kind("note", Initiative.NUDGE, cooldown=timedelta(hours=1), lifetime=timedelta(hours=1))
    >>> wish = Wish(kind, date(2026, 3, 1), datetime(2026, 3, 1, 9, tzinfo=UTC), max_per_day=3)
    >>> claimed(Attention(date(2026, 2, 28), sent_today=3), wish).sent_today
    1
    """
    now, kind = row.on(wish.day), wish.kind
    outreach = kind.initiative is Initiative.OUTREACH
    last = max(now.last_outreach_at or wish.at, wish.at) if outreach else now.last_outreach_at
    return replace(
        now,
        sent_today=now.sent_today + (kind.initiative in SPENDING),
        outreach_today=now.outreach_today + outreach,
        in_context_today=now.in_context_today + (kind.initiative is Initiative.IN_CONTEXT),
        critical_today=now.critical_today + kind.critical,
        last_outreach_at=last,
        # Rounded up, so that whole seconds never end a cooldown early.
        last_by_kind={**now.last_by_kind, kind.name: math.ceil(wish.at.timestamp())},
    )
