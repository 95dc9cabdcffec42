"""No outreach during the person's quiet hours, by their own clock; over midnight if start is later than end.

The end itself is no longer quiet. Start equal to end means no quiet hours; do not disturb is for that.
"""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid while the local minute lies in [start, end)."""
    start, end, minute = pl.col("quiet_start"), pl.col("quiet_end"), pl.col("local_minute")
    by_day = (start <= minute) & (minute < end)
    over_midnight = (start <= minute) | (minute < end)
    return pl.when(start < end).then(by_day).when(start > end).then(over_midnight).otherwise(False)


RAIL = Rail(
    "quiet_hours",
    forbids,
    "It is {local_minute} in {zone}; quiet hours run from {quiet_start} to {quiet_end}.",
    defers=True,
)
