"""A streak worth saving ends at their own midnight unless they come by today."""

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import STREAK_FROM, STREAK_LEAST
from tactful.decide.triggers.base import Trigger
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The day boundary is the person's own; the longer the streak, the more there is to save."""
    yesterday = (pl.col("local_day") - pl.col("streak_day")).dt.total_days() == 1
    start = minute_of(settings[STREAK_FROM]) or 0
    late = pl.col("local_minute") >= start
    worth = pl.col("current_streak") >= settings[STREAK_LEAST]
    expected = 0.1 + 0.2 * (pl.col("current_streak").cast(pl.Float64) / 30).clip(0, 1)
    why = "Their streak ends at midnight unless they come by."
    opens = pl.when(yesterday & worth).then(start)
    return (
        Trigger("streak_at_risk", "streak_preservation", yesterday & late & worth, 8, expected, why, opens, today=True),
    )
