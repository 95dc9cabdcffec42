"""How somebody may be reached: what they allow, what they asked for, and what is left of today's limits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tactful.decide import Rules
from tactful.store.described import preferences

# Holdout buckets there are, see decide.guardrails.holdout.
BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of one of their days. used: of it today; most: what is allowed."""

    name: str
    used: int
    most: int

    @property
    def left(self) -> int:
        """What is left today."""
        return max(0, self.most - self.used)


@dataclass(frozen=True, slots=True)
class Reach:
    """consented: whether they may be written to, and whether they said so themselves. held_out: left alone, for
    comparison, and of how large a share (0..1). wishes: their own or the defaults, and whether they are their own.
    """

    consented: bool
    said: bool
    held_out: bool
    share: float
    wishes: dict[str, Any]
    own: bool
    limits: tuple[Limit, ...]
    paused: bool


def reach_of(row: dict[str, Any], rules: Rules, local: datetime) -> Reach:
    """How somebody may be reached.

    row: as `Engine.about` tells it; rules: that hold for them; local: what their clock shows now.
    """
    consent = row["consent"].get("engagement")
    wishes = row["wishes"] or preferences.of_defaults(rules.defaults)
    return Reach(
        consented=bool(rules.defaults.consented if consent is None else consent),
        said=consent is not None,
        held_out=row["bucket"] < rules.holdout * BUCKETS,
        share=rules.holdout,
        wishes={name: _minute(wishes[name]) for name in preferences.COLUMNS},
        own=row["wishes"] is not None,
        limits=tuple(_limits(row, rules, wishes, local.date())),
        paused=bool(row["paused"]),
    )


def _limits(row: dict[str, Any], rules: Rules, wishes: dict[str, Any], today: date) -> list[Limit]:
    counted = row["attention_day"] is not None and row["attention_day"] >= today
    limits = rules.limits
    most = {
        "All that is shown or sent": ("sent_today", wishes["max_notifications_per_day"]),
        "Sent outside the product": ("outreach_today", limits.outreach_per_day),
        "Help in context": ("in_context_today", limits.in_context_per_day),
        "Critical ones": ("critical_today", limits.critical_per_day),
    }
    return [Limit(name, row[column] if counted else 0, cap) for name, (column, cap) in most.items()]


def _minute(value: Any) -> Any:
    """Times of the day by the minute, as the database (in JSON) and defaults write them."""
    if isinstance(value, str) and value.count(":") == 2:
        return value[:5]
    return f"{value:%H:%M}" if hasattr(value, "hour") else value
