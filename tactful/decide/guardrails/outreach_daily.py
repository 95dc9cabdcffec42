"""No more outreaches a day than the settings allow; the day is the person's own."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, midnight, today


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid once today's outreaches have reached the limit."""
    return today("outreach_today") >= bounds.limits.outreach_per_day


RAIL = Rail(
    "outreach_daily",
    forbids,
    "They were reached out to today as often as the settings allow.",
    "Their next day begins.",
    ends=midnight,
    spent=True,
)
