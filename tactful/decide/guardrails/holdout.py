"""A small share of people is never nudged or reached out to, so that effects can be told."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail

# Into which people are drawn.
BUCKETS = 10_000


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid for the lowest buckets of 0..9999; a person without a bucket counts as held out."""
    return pl.col("holdout_bucket").fill_null(-1) < bounds.holdout * BUCKETS


RAIL = Rail(
    "holdout",
    forbids,
    "They belong to the group that is left alone for comparison.",
    "The share of people left alone is lowered in the settings.",
)
