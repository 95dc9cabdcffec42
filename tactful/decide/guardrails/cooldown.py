"""Not the same kind again before its cooldown is over."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid until `cooldown` seconds after the last one of the same kind."""
    last = pl.lit(None, pl.String)
    for kind in bounds.kinds:
        found = pl.col("last_by_kind").str.json_path_match(f"$.{kind}")
        last = pl.when(pl.col("kind") == kind).then(found).otherwise(last)
    return last.cast(pl.Float64) + pl.col("cooldown") > bounds.at.timestamp()


RAIL = Rail("cooldown", forbids, "They had one of this kind too short a while ago.", spent=True)
