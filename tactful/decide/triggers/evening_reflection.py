"""Their usual evening hour has come and they did something today worth looking back on."""

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import EVENING_FROM, RITUAL_MINUTES
from tactful.decide.triggers.base import Condition, Trigger, active_today, last_active, within
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The window opens at the person's own busiest evening hour."""
    usual = pl.col("evening_hour")
    start = (usual * 60).fill_null(minute_of(settings[EVENING_FROM]))
    conditions = (
        within(start, settings[RITUAL_MINUTES], usual, EVENING_FROM.name, RITUAL_MINUTES.name),
        Condition(active_today(), last_active("there is nothing of today to look back on")),
    )
    why = "Their usual evening hour has come after a day with activity."
    opens = pl.when(active_today()).then(start)
    return (Trigger("evening_reflection", "evening_reflection", conditions, 3, pl.lit(0.08), why, opens),)
