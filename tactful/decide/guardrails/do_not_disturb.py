"""Nothing while the person asked not to be disturbed."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid while `dnd` is set."""
    return pl.col("dnd")


RAIL = Rail("do_not_disturb", forbids, "They asked not to be disturbed.")
