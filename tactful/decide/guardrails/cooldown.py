"""Not the same kind again before its cooldown is over."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until `cooldown` seconds after the last one of the same kind."""
    return last_of_kind(bounds) + pl.col("cooldown") > bounds.at.timestamp()


def last_of_kind(bounds: Bounds) -> pl.Expr:
    """When they last had one of the candidate's kind [s since 1970]; null when never."""
    times = pl.col("last_by_kind").str.json_decode(pl.Struct(dict.fromkeys(bounds.kinds, pl.Float64())))
    return pl.coalesce(pl.when(pl.col("kind") == kind).then(times.struct.field(kind)) for kind in bounds.kinds)


def ends(bounds: Bounds) -> pl.Expr:
    """Seconds until the cooldown is over."""
    return last_of_kind(bounds) + pl.col("cooldown") - bounds.at.timestamp()


RAIL = Rail(
    "cooldown",
    forbids,
    "They had one of this kind too short a while ago.",
    "The cooldown of this kind ends.",
    ends=ends,
    spent=True,
)
