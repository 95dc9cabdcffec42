"""Not the same thing twice: nothing of a kind that still waits to be seen."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, an_hour


def forbids(_: Bounds) -> pl.Expr:
    """Forbid kinds with an open intervention."""
    return pl.col("open_kinds").list.contains(pl.col("kind"))


RAIL = Rail(
    "repeat",
    forbids,
    "One of this kind is already waiting for them.",
    "They see the one that waits, or it expires.",
    ends=an_hour,
    spent=True,
)
