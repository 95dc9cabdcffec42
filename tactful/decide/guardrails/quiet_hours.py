"""No outreach during the person's quiet hours, by their own clock (`facts.quiet`).

Start equal to end means no quiet hours; do not disturb is for that.
"""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, until
from tactful.facts.quiet import quiet


def forbids(_: Bounds) -> pl.Expr:
    """Forbid while the local minute lies in [start, end)."""
    return quiet(pl.col("local_minute"))


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
