"""The risk that they leave has reached a level at which reaching out is worth a try."""

import polars as pl

from tactful.decide.triggers.base import Trigger
from tactful.kernel.settings import Settings

# level -> kind, priority
LEVELS = {"medium": ("gentle_nudge", 5), "high": ("proactive_checkin", 7), "critical": ("emotional_support", 9)}


def triggers(_: Settings) -> tuple[Trigger, ...]:
    """One trigger for each level; an unknown level gives no reason."""
    return tuple(
        Trigger(
            f"risk_{level}",
            kind,
            pl.col("risk_level") == level,
            priority,
            0.3 * pl.col("risk_score"),
            f"Their risk of leaving is {level}.",
        )
        for level, (kind, priority) in LEVELS.items()
    )
