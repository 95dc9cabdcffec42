"""Not more in a live session than it bears in an hour (`live.per_hour`)."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail, an_hour


def forbids(bounds: Bounds) -> pl.Expr:
    """Forbid once there were as many interventions in the last hour as a session may have."""
    return pl.col("acted_last_hour") >= bounds.limits.live_per_hour


RAIL = Rail(
    "live_hourly",
    forbids,
    "The session has had as many interventions in an hour as it may.",
    "The first of them is an hour ago.",
    ends=an_hour,
    spent=True,
)
