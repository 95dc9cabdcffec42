"""The risk that they leave has reached a level at which reaching out is worth a try.

Two kinds of people are left alone: those of whom too little is known to say that they are leaving
something, and those who are gone so long that a message would come out of nowhere.
"""

import polars as pl

from tactful.decide.settings import REENGAGE_CONFIDENCE, REENGAGE_DAYS
from tactful.decide.triggers.base import Trigger, seen_within
from tactful.kernel.settings import Settings

# level -> kind, priority
LEVELS = {"medium": ("gentle_nudge", 5), "high": ("proactive_checkin", 7), "critical": ("emotional_support", 9)}


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """One trigger for each level; an unknown level gives no reason."""
    known = pl.col("risk_confidence") >= settings[REENGAGE_CONFIDENCE]
    worth = known & seen_within(settings[REENGAGE_DAYS])
    return tuple(
        Trigger(
            f"risk_{level}",
            kind,
            (pl.col("risk_level") == level) & worth,
            priority,
            0.3 * pl.col("risk_score"),
            f"Their risk of leaving is {level}.",
        )
        for level, (kind, priority) in LEVELS.items()
    )
