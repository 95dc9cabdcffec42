"""Generated people in every zone: moments with beliefs in which each guard rail forbids now and then.

All chance is `kernel.chance`, so every run sees the same people.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import available_timezones

import numpy as np
import polars as pl

from tactful.decide import Rules, with_wall_clock
from tactful.decide.kinds import KINDS
from tactful.decide.triggers import Condition, Trigger
from tactful.facts.moments import BELIEF, MOMENT
from tactful.kernel.chance import draw
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Settings

ZONES = sorted(available_timezones() - {"localtime", "Factory"})
LEVELS = ("unknown", "low", "medium", "high", "critical")
NAMES = (*(kind.name for kind in KINDS), "inline_help", "quick_action", "")
HOUR = timedelta(hours=1)

# Both clock changes of several rules (half an hour on Lord Howe, at midnight in Santiago and Beirut),
# a leap day, a turn of the year, and a day that Samoa left out.
CHANGES = tuple(
    datetime.fromisoformat(text).replace(tzinfo=UTC)
    for text in (
        "2026-03-29T01:00", "2026-10-25T01:00", "2026-03-08T07:00", "2026-11-01T06:00", "2026-04-04T15:00",
        "2026-10-03T15:30", "2026-04-05T03:00", "2026-09-06T04:00", "2026-03-28T22:00", "2026-02-15T03:00",
        "2024-02-29T12:00", "2025-12-31T23:30", "2011-12-30T10:00", "2026-06-15T18:00",
    )
)  # fmt: skip


def instants(count: int) -> list[datetime]:
    """`count` instants, some a few minutes from a clock change, the others up to two days away."""
    near = [float(draw(1, number, 2, 3)) for number in range(count)]
    spans = [timedelta(minutes=90), timedelta(hours=14), timedelta(days=2)]
    return [
        CHANGES[number % len(CHANGES)] + spans[number // len(CHANGES) % 3] * (2 * share - 1)
        for number, share in enumerate(near)
    ]


def rules(settings: Settings | None = None) -> Rules:
    """The rules of these settings, with a kind in context and one that is asked for, so that all initiatives occur."""
    made = Rules.from_settings(settings or Settings({}))
    more = (
        Kind("inline_help", Initiative.IN_CONTEXT, cooldown=HOUR, lifetime=HOUR),
        Kind("quick_action", Initiative.ASKED, cooldown=HOUR / 4, lifetime=HOUR, critical=True),
    )
    some, no = pl.col("person_id") % 5, pl.lit("There is none.")
    triggers = (
        *made.triggers,
        Trigger("hesitation", "inline_help", (Condition(some == 0, no),), 6, pl.lit(0.2), "They hesitate."),
        Trigger("palette", "quick_action", (Condition(some == 1, no),), 10, pl.lit(0.2), "They asked."),
    )
    made = made.replace(channels=frozenset({"email", "telegram", "web_push"}))
    return made.replace(kinds=made.kinds | {kind.name: kind for kind in more}, triggers=triggers)


class Dice:
    """Columns of chance for `size` people; every call is a new question."""

    def __init__(self, size: int, seed: int) -> None:
        self.people = np.arange(1, size + 1, dtype=np.uint64)
        self.seed = np.full(size, seed, dtype=np.uint64)
        self.asked = 0

    def share(self) -> Any:
        """Uniform in [0, 1)."""
        self.asked += 1
        return draw(self.seed, self.people, 0, self.asked)

    def whole(self, low: int, high: int) -> Any:
        """Whole numbers from `low` to `high`."""
        return (low + self.share() * (high - low + 1)).astype(np.int64)

    def pick(self, values: Sequence[Any], odds: float = 1.0) -> list[Any]:
        """One of `values` with the given odds, else None."""
        found = self.whole(0, len(values) - 1)
        return [values[n] if hit else None for n, hit in zip(found, self.share() < odds, strict=True)]


def _reach(dice: Dice) -> dict[str, Any]:
    """Ways out of the product, with what went there and what was taken up."""
    ways = dice.pick([["email"], ["email", "telegram"], ["web_push"]], 0.5)
    sent = [None if way is None else [3 * len(name) for name in way] for way in ways]
    answered = [None if way is None else [len(name) for name in way] for way in ways]
    return {"reach": ways, "reach_sent": sent, "reach_answered": answered}


def people(size: int, at: datetime, seed: int = 0) -> pl.DataFrame:
    """`size` people at an instant: MOMENT with BELIEF."""
    dice = Dice(size, seed)
    ids = dice.people.astype(np.int64)
    columns: dict[str, Any] = {
        "person_id": ids,
        "organisation_id": ids % 3,
        "zone": [ZONES[(int(n) + seed) % len(ZONES)] for n in ids],
        "seed": np.full(size, 7),
        "holdout_bucket": dice.whole(0, 5000),
        "consented": dice.pick([True] * 9 + [False], 0.97),
        "outreach_stopped": dice.pick([False] * 9 + [True], 0.99),
        "events": dice.whole(0, 1000),
        "active_days": dice.whole(0, 100),
        "current_streak": dice.whole(0, 40),
        "longest_streak": dice.whole(40, 90),
        "morning_hour": dice.pick(range(5, 12), 0.7),
        "evening_hour": dice.pick(range(17, 24), 0.7),
        "dnd": dice.pick([False] * 9 + [True], 0.99),
        "max_per_day": dice.whole(0, 6),
        "preferred_channel": dice.pick(["email", "telegram"], 0.2),
        "disabled_kinds": _lists(dice, 0.3),
        "disabled_channels": dice.pick([["in_app"], ["email"], []], 0.3),
        "sent_today": dice.whole(0, 4),
        "outreach_today": dice.whole(0, 2) // 2,
        "in_context_today": dice.whole(0, 6),
        "critical_today": dice.whole(0, 3) // 3,
        "open_kinds": _lists(dice, 0.2),
        "paused_kinds": _lists(dice, 0.15),
        "paused_channels": dice.pick([["in_app"], ["email"], []], 0.15),
        "shadow_kinds": _lists(dice, 0.05),
        "plateau_id": dice.pick(range(1, 100), 0.3),
        "plateau_topic": dice.pick(["Calculus", "Fractions"], 0.9),
        "plateau_days": dice.pick(range(1, 30), 0.3),
        "fading_skill": dice.pick(["Factoring", "Vocabulary"], 0.9),
        "fading_urgency": dice.pick(["low", "high", "critical"], 0.3),
        "fading_loss": dice.share(),
        "plateau_taken": dice.pick([False, False, True], 0.9),
        "asked_kinds": dice.pick([["check_in"], ["mood_support", "topic_follow_up"]], 0.2),
        "asked_values": dice.pick([[0.3, 0.7]], 1.0),
        "asked_small": dice.pick([0, 1, 4], 0.3),
        "talked_ago": dice.pick([60.0, 90_000.0], 0.3),
        "good_hours": dice.pick([[0] * 7, [1 << 19] * 7, [0x7E0380] * 5 + [0xFFFFFF] * 2], 0.8),
        "timing_confidence": dice.pick([0.0, 0.5, 0.7, 0.9], 0.9),
        "mood": 2 * dice.share() - 1,
        "mood_slope": dice.pick([-0.2, -0.01, 0.0, 0.1], 0.4),
        "last_sentiment": dice.pick(["very_negative", "negative", "neutral", "positive", "very_positive"], 0.7),
        "last_quality": dice.share(),
        "risk_level": dice.pick(LEVELS, 0.95),
        "risk_score": dice.share(),
        "risk_confidence": dice.share() ** 0.2,
        "last_seen_at": _seen(dice, at),
    } | _reach(dice)
    columns |= _quiet(dice) | _times(dice, at)
    frame = pl.DataFrame(columns).with_columns(pl.lit(None).alias(name) for name in _schema() if name not in columns)
    return _days(with_wall_clock(frame, at), dice).select(_column(name, kind) for name, kind in _schema().items())


def _schema() -> dict[str, Any]:
    return {**MOMENT, **BELIEF}


def _column(name: str, kind: Any) -> pl.Expr:
    return pl.col(name).cast(kind)


def _lists(dice: Dice, odds: float) -> list[Any]:
    pairs = zip(dice.pick(NAMES, odds), dice.pick(NAMES, 0.5), strict=True)
    return [None if one is None else [name for name in (one, two) if name is not None] for one, two in pairs]


def _quiet(dice: Dice) -> dict[str, Any]:
    """Quiet hours: usual ones, any ones, none, start equal to end."""
    usual, start, end = dice.share() < 0.4, dice.whole(0, 1439), dice.whole(0, 1439)
    none, same = dice.share() < 0.2, dice.share() < 0.05
    starts = np.where(usual, 22 * 60, start)
    ends = np.where(same, starts, np.where(usual, 8 * 60, end))
    return {
        name: [None if gone else int(value) for gone, value in zip(none, values, strict=True)]
        for name, values in (("quiet_start", starts), ("quiet_end", ends))
    }


def _seen(dice: Dice, at: datetime) -> list[datetime | None]:
    """When they were last seen: mostly weeks ago, sometimes never."""
    days = dice.pick([0, 1, 2, 3, 5, 8, 13, 21, 40, 90], 0.97)
    return [None if back is None else at - timedelta(days=back, minutes=7) for back in days]


def _times(dice: Dice, at: datetime) -> dict[str, Any]:
    """Last outreach and last of two kinds: some right on the limits, to the second."""
    now = int(at.timestamp())
    ago = dice.pick([0, 1, 12 * 3600 - 1, 12 * 3600, 12 * 3600 + 1, 11 * 3600, 40 * 3600], 0.4)
    kinds, hours = dice.pick(NAMES[:-1], 0.5), dice.whole(0, 200)
    last = [
        None if kind is None else f'{{"{kind}": {now - int(n) * 3600}}}' for kind, n in zip(kinds, hours, strict=True)
    ]
    return {
        "last_outreach_at": [None if back is None else at - timedelta(seconds=back) for back in ago],
        "last_by_kind": last,
        "ignored_by_kind": [
            None if kind is None or not many else f'{{"{kind}": {many}}}'
            for kind, many in zip(kinds, dice.whole(0, 4), strict=True)
        ],
    }


def _days(frame: pl.DataFrame, dice: Dice) -> pl.DataFrame:
    """Days relative to the person's own: attention from yesterday to tomorrow, streaks up to weeks old."""
    ahead = pl.lit(pl.Series(dice.pick([0, 0, 0, -1, 1], 0.8), dtype=pl.Int64))
    back = pl.lit(pl.Series(dice.pick([0, 0, 1, 1, 1, 2, 3, 30], 0.9), dtype=pl.Int64))
    return frame.with_columns(
        (pl.col("local_day") + pl.duration(days=ahead)).alias("attention_day"),
        (pl.col("local_day") - pl.duration(days=back)).alias("streak_day"),
    )
