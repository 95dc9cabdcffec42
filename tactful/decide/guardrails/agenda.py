"""Nothing while a live session pauses as planned, takes questions, or is about to end (`live.last_seconds`)."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid in planned breaks and times for questions, and shortly before a planned end and after it."""
    ending = pl.col("seconds_left") < bounds.limits.live_last_seconds
    return (pl.col("on_agenda") != "talk") | ending.fill_null(False)


RAIL = Rail(
    "agenda",
    forbids,
    "The session is on a planned break, takes questions, or is about to end.",
    "The talk goes on.",
)
