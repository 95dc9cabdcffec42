"""No more nudges and outreaches a day than the person accepts; the day is their own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, midnight, today


def forbids(_: Bounds) -> pl.Expr:
    """Forbid once today's count has reached the maximum; an unknown maximum allows nothing."""
    return today("sent_today") >= pl.col("max_per_day").fill_null(0)


RAIL = Rail(
    "daily_maximum",
    forbids,
    "They had {sent_today} today and want at most {max_per_day}.",
    "Their next day begins, or they raise their maximum.",
    ends=midnight,
    spent=True,
)
