"""No outreach during the person's quiet hours, by their own clock; over midnight if start is later than end.

The end itself is no longer quiet. Start equal to end means no quiet hours; do not disturb is for that.
"""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, until


def forbids(_: Bounds) -> pl.Expr:
    """Forbid while the local minute lies in [start, end)."""
    start, end, minute = pl.col("quiet_start"), pl.col("quiet_end"), pl.col("local_minute")
    by_day = (start <= minute) & (minute < end)
    over_midnight = (start <= minute) | (minute < end)
    none = (start.is_null() & end.is_null()) | (start == end).fill_null(False)
    quiet = pl.when(start < end).then(by_day).otherwise(over_midnight)
    # A clock that cannot be read, or half a window, is taken for night.
    return ~none & quiet.fill_null(True)


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until their clock shows the end."""
    return until(pl.col("quiet_end"), bounds.at)


RAIL = Rail(
    "quiet_hours",
    forbids,
    "It is {local_minute} in {zone}; quiet hours run from {quiet_start} to {quiet_end}.",
    "Their quiet hours end at {quiet_end}.",
    ends=ends,
    defers=True,
)
