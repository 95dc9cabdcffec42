"""A kind that is new goes to a share of people first, and to those and more as the share grows."""

import hashlib

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail
from tactful.decide.guardrails.holdout import BUCKETS


def place(kind: str) -> pl.Expr:
    """Where people stand in the line for a kind, 0..9999: by their bucket, and for each kind in another order.

    Steps through all the buckets once, so that a share of the line is the same share of the buckets, exactly.
    """
    mark = int.from_bytes(hashlib.sha256(kind.encode()).digest()[:8])
    # Without a factor in common with the number of buckets, so that no place is taken twice.
    step = 10 * (mark % 1000) + (1, 3, 7, 9)[mark % 4]
    return (pl.col("holdout_bucket").cast(pl.Int64) * step + mark % BUCKETS) % BUCKETS


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid for who is beyond the share of a kind; a person without a bucket is, unless the share is all."""
    behind = (
        (pl.col("kind") == kind) & (place(kind).fill_null(BUCKETS) >= share * BUCKETS)
        for kind, share in bounds.shares
        if share < 1
    )
    # No kind is called nothing: one verdict for each candidate, also where no share was set.
    return pl.any_horizontal(pl.col("kind") == "", *behind)


RAIL = Rail(
    "rollout",
    forbids,
    "This kind goes to a share of people only so far, and they are not among them.",
    "The share of people who get this kind is raised in the settings.",
)
