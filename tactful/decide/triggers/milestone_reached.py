"""They reached a milestone and nobody has told them yet: said once, when they are next here.

Which they reached comes from `user_milestone_progress`. Several that wait are one celebration.
"""

import polars as pl

from tactful.decide.settings import CELEBRATE_DAYS
from tactful.decide.triggers.base import Condition, Trigger, counted, said
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The more it took, the more there is to be glad of."""
    expected = 0.1 + 0.2 * (pl.col("milestone_points").cast(pl.Float64) / 250).clip(0, 1)
    why = "They reached a milestone and have not been told."
    conditions = (_lately(settings[CELEBRATE_DAYS]),)
    return (Trigger("milestone_reached", "milestone_celebration", conditions, 7, expected, why),)


def _lately(days: int) -> Condition:
    """By their own days, so that it is the same whenever it is asked."""
    reached = pl.col("milestone_day")
    ago = (pl.col("local_day") - reached).dt.total_days()
    sentence = f"They reached {{}} {{}} ago; it is celebrated within {_days(days)} ({CELEBRATE_DAYS.name})."
    unknown = "Nothing is known that they reached and were not told of."
    told = said(sentence, pl.col("milestone"), counted(ago), unknown=unknown)
    return Condition(pl.col("milestone").is_not_null() & (ago <= days), told)


def _days(days: int) -> str:
    return f"{days} day{'s' * (days != 1)}"
