"""A while between two outreaches, whatever day they fall on."""

from datetime import timedelta

import polars as pl

from tactful.decide.guardrails.base import HOUR, Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until the hours between have passed."""
    return pl.col("last_outreach_at") > bounds.at - timedelta(hours=bounds.limits.hours_between)


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until the hours between have passed."""
    passed = (pl.lit(bounds.at) - pl.col("last_outreach_at")).dt.total_microseconds() / 1e6
    return bounds.limits.hours_between * HOUR - passed


RAIL = Rail(
    "hours_between",
    forbids,
    "The last outreach was at {last_outreach_at}, too short a while ago.",
    "The least time between two outreaches passes.",
    ends=ends,
    spent=True,
)
