"""Not the same kind again before its cooldown is over."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until `cooldown` seconds after the last one of the same kind; never having had one allows it, and so
    does a cooldown of 0: the last one is known by the second only.
    """
    resting = pl.col("last_of_kind") + pl.col("cooldown") > bounds.at.timestamp()
    return (pl.col("cooldown") > 0) & resting


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until the cooldown is over."""
    return pl.col("last_of_kind") + pl.col("cooldown") - bounds.at.timestamp()


RAIL = Rail(
    "cooldown",
    forbids,
    "They had one of this kind too short a while ago.",
    "The cooldown of this kind ends.",
    ends=ends,
    spent=True,
)
