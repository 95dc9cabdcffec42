"""Nothing while the organisation, the kind or the channel is paused."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, an_hour


def forbids(_: Bounds) -> pl.Expr:
    """Forbid what stands in the pauses; an empty name stands for the whole organisation."""
    kinds, channels = pl.col("paused_kinds"), pl.col("paused_channels")
    return pl.any_horizontal(
        kinds.list.contains("").fill_null(False),
        kinds.list.contains(pl.col("kind")).fill_null(False),
        channels.list.contains(pl.col("channel")).fill_null(False),
    )


RAIL = Rail("paused", forbids, "An operator paused this.", "The operator ends the pause.", ends=an_hour)
