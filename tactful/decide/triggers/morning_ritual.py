"""Their usual morning hour has come and they have not been here today."""

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import MORNING_FROM, RITUAL_DAYS, RITUAL_MINUTES
from tactful.decide.triggers.base import PASSING, Condition, Trigger, active_today, last_active, seen_within, within
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The window opens at the person's own busiest morning hour."""
    usual = pl.col("morning_hour")
    start = (usual * 60).fill_null(minute_of(settings[MORNING_FROM]))
    seen = seen_within(settings[RITUAL_DAYS], RITUAL_DAYS.name)
    conditions = (
        within(start, settings[RITUAL_MINUTES], usual, MORNING_FROM.name, RITUAL_MINUTES.name),
        seen,
        # Coming by begins the day, and that is when they are greeted.
        Condition(~active_today(), last_active("a morning ritual is for days that have not begun"), PASSING),
    )
    opens = pl.when(seen.holds).then(start)
    why = "Their usual morning hour has come."
    return (Trigger("morning_ritual", "morning_ritual", conditions, 4, pl.lit(0.10), why, opens),)
