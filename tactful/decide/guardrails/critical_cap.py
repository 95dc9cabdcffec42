"""The critical class has a small cap of its own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, midnight, today


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid critical kinds once today's count has reached the cap."""
    return pl.col("critical") & (today("critical_today") >= bounds.limits.critical_per_day)


RAIL = Rail(
    "critical_cap",
    forbids,
    "They had as many of the critical class today as the settings allow.",
    "Their next day begins.",
    ends=midnight,
    spent=True,
)
