"""The critical class has a small cap of its own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, today


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid critical kinds once today's count has reached the cap."""
    return pl.col("critical") & (today("critical_today") >= bounds.limits.critical_per_day)


RAIL = Rail("critical_cap", forbids, "They had one of the critical class today.", spent=True)
