"""Nothing through a channel the person switched off."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid channels in the person's list."""
    return pl.col("disabled_channels").list.contains(pl.col("channel"))


RAIL = Rail("disabled_channels", forbids, "They switched this channel off.", "They switch it on again.")
