"""A while between two outreaches, whatever day they fall on."""

from datetime import timedelta

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until the hours between have passed."""
    return pl.col("last_outreach_at") > bounds.at - timedelta(hours=bounds.limits.hours_between)


RAIL = Rail("hours_between", forbids, "The last outreach was at {last_outreach_at}, too short a while ago.", spent=True)
