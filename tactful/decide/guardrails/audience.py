"""Nothing in a live session where hardly anybody is there to take part."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail

# With fewer, everybody is better asked by name.
LEAST = 5


def forbids(_: Bounds) -> pl.Expr:
    """Forbid below LEAST viewers."""
    return pl.col("viewers") < LEAST


RAIL = Rail("audience", forbids, f"Fewer than {LEAST} people are there.", "More of them come.")
