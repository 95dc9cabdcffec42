"""A while between two outreaches, whatever day they fall on."""

import polars as pl

from tactful.decide.guardrails.base import HOUR, Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until the hours between have passed."""
    return pl.col("last_outreach_at").dt.timestamp("us") > bounds.micros - _apart(bounds)


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until the hours between have passed."""
    return (pl.col("last_outreach_at").dt.timestamp("us") + (_apart(bounds) - bounds.micros)) / 1e6


def _apart(bounds: Bounds) -> int:
    return round(bounds.limits.hours_between * HOUR * 1_000_000)


RAIL = Rail(
    "hours_between",
    forbids,
    "The last outreach was at {last_outreach_at}, too short a while ago.",
    "The least time between two outreaches passes.",
    ends=ends,
    spent=True,
)
