"""What a learned chance of leaving is made of: the same facts the cold start reads, without its grades. Pure."""

import polars as pl

from tactful.facts.activity import RECENT

# Steps between the values of each are found by learning, so no scale is chosen here.
GIVEN = (
    "days_silent", "days_since_first", "days_since_last_completion", "active_days", "longest_streak", "days_28",
    "sessions_7", "sessions_14", "sessions_21", "sessions_28",
    "events_7", "events_14", "events_21", "events_28",
    "sentiment_trend_7d", "performance_trend",
)  # fmt: skip


def given(known: pl.DataFrame, recent: pl.DataFrame, scored: pl.DataFrame) -> pl.DataFrame:
    """The columns of GIVEN for each person of `known`, in its order; null is unknown.

    known: columns of MOMENT; recent: RECENT, in which those silent for four weeks have no row; scored: SCORED of
    both. Point in time: as far as these are. Somebody who never did anything is unknown in everything.
    """
    frame = known.join(recent, on="person_id", how="left", maintain_order="left").hstack(_only_new(scored, known))
    here = pl.col("active_days").fill_null(0) > 0
    counted = [name for name in GIVEN if name in RECENT]
    since = (pl.col("local_day") - pl.col("first_day")).dt.total_days().clip(lower_bound=0)
    frame = frame.with_columns(pl.col(counted).fill_null(0), days_since_first=since)
    return frame.select(pl.when(here).then(pl.col(name).cast(pl.Float64)).alias(name) for name in GIVEN)


def _only_new(scored: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    return scored.select(name for name in GIVEN if name in scored.columns and name not in known.columns)
