"""Nothing in a live session where hardly anybody is there to take part (`live.least_viewers`)."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid while fewer are there than there have to be: so few are better asked by name."""
    return pl.col("viewers") < bounds.limits.live_least_viewers


RAIL = Rail(
    "audience",
    forbids,
    "Too few people are there to take part: {viewers}.",
    "More of them come.",
)
