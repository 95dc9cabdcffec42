"""Nothing of a kind the person switched off."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid kinds in the person's list."""
    return pl.col("disabled_kinds").list.contains(pl.col("kind"))


RAIL = Rail("disabled_kinds", forbids, "They switched this kind off.", "They switch it on again.")
