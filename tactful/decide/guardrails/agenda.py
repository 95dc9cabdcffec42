"""Nothing while a live session pauses as planned, takes questions, or is about to end."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid in planned breaks and times for questions, and in the last two minutes before a planned end."""
    return (pl.col("on_agenda") != "talk") | (pl.col("seconds_left") < 120).fill_null(False)


RAIL = Rail(
    "agenda",
    forbids,
    "The session is on a planned break, takes questions, or is about to end.",
    "The talk goes on.",
)
