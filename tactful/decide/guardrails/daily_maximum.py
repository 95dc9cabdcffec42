"""No more nudges and outreaches a day than the person accepts; the day is their own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, today


def forbids(_: Bounds) -> pl.Expr:
    """Forbid once today's count has reached the maximum."""
    return today("sent_today") >= pl.col("max_per_day")


RAIL = Rail("daily_maximum", forbids, "They had {sent_today} today and want at most {max_per_day}.", spent=True)
