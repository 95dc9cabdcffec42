"""Nothing while the person asked not to be disturbed."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, an_hour


def forbids(_: Bounds) -> pl.Expr:
    """Forbid while `dnd` is set, or unknown."""
    return pl.col("dnd").fill_null(True)


RAIL = Rail(
    "do_not_disturb", forbids, "They asked not to be disturbed.", "They switch do not disturb off.", ends=an_hour
)
