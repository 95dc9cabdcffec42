"""Help in context has a daily limit of its own; the day is the person's own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, midnight, today


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid once today's count has reached the limit."""
    return today("in_context_today") >= bounds.limits.in_context_per_day


RAIL = Rail(
    "in_context_daily",
    forbids,
    "They had {in_context_today} helps today.",
    "Their next day begins.",
    ends=midnight,
    spent=True,
)
