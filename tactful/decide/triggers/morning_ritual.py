"""Their usual morning hour has come and they have not been here today."""

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import MORNING_FROM, RITUAL_DAYS, RITUAL_MINUTES
from tactful.decide.triggers.base import Trigger, active_today, seen_within, within
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The window opens at the person's own busiest morning hour."""
    start = (pl.col("morning_hour") * 60).fill_null(minute_of(settings[MORNING_FROM]))
    when = within(start, settings[RITUAL_MINUTES]) & seen_within(settings[RITUAL_DAYS]) & ~active_today()
    opens = pl.when(seen_within(settings[RITUAL_DAYS])).then(start)
    why = "Their usual morning hour has come."
    return (Trigger("morning_ritual", "morning_ritual", when, 4, pl.lit(0.10), why, opens),)
