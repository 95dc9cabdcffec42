"""No help about the same thing again on the day it was dismissed; the day is the person's own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, midnight


def forbids(_: Bounds) -> pl.Expr:
    """Forbid where help about the same was dismissed today."""
    return pl.col("dismissed_today")


RAIL = Rail(
    "dismissed",
    forbids,
    "They dismissed help with {about} today.",
    "Their next day begins.",
    ends=midnight,
)
