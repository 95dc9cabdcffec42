"""The numbers a belief about leaving is made from: state and the last four weeks, as the seed's response shows them.

Every number is null where there is nothing to measure, and all of them are for somebody who never did
anything. A week without activity is a zero; a week before somebody was first seen is unknown.
"""

from collections.abc import Mapping

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.activity import RECENT
from tactful.kernel.settings import Settings
from tactful.predict.dropout import settings as rows

WINDOW = 28

GIVEN: dict[str, PolarsDataType] = {
    # whole days, in the person's own: since the last activity, since the first, and since the last completion
    "days_silent": pl.Int32,
    "days_since_first": pl.Int32,
    "days_since_last_completion": pl.Int32,
    # days with activity, ever and in the last four weeks; days of those weeks that they were known; events ever
    "active_days": pl.Int32,
    "days_28": pl.Int32,
    "days_known": pl.Int32,
    "events": pl.Int64,
    # sessions and events of the last one, two, three and four weeks
    **{f"{what}_{days}": pl.Int32 for what in ("sessions", "events") for days in (7, 14, 21, 28)},
    # sessions a day in the last week against those before: -1 stopped, 0 as ever, 1 only just begun
    "session_frequency_trend": pl.Float64,
    "avg_days_between_sessions": pl.Float64,
    # -1..1
    "sentiment_trend_7d": pl.Float64,
    # change of the mean score (0..1) from the third and fourth to the last two weeks
    "performance_trend": pl.Float64,
    # days in a row: the most ever, and what still stands on the person's day
    "longest_streak": pl.Int32,
    "standing_streak": pl.Int32,
}

_HERE = pl.col("active_days").fill_null(0) > 0
_DEFAULT = Settings({})


def given(known: pl.DataFrame, recent: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """The columns of GIVEN for each person of `known`, in its order.

    known: columns of MOMENT (local_day, first_day, last_seen_at, completion_day, events, active_days,
    current_streak, longest_streak, streak_day). recent: RECENT; who has no row there was silent for four weeks.
    Point in time: as far as both are.
    """
    chosen = _DEFAULT if settings is None else settings
    counts = {name: pl.col(name).cast(kind).fill_null(0) for name, kind in RECENT.items() if name != "person_id"}
    frame = known.lazy().join(recent.lazy(), on="person_id", how="left", maintain_order="left")
    frame = frame.with_columns(**counts)
    for step in (_days(), _trends(chosen[rows.TREND_DAYS])):
        frame = frame.with_columns(**step)
    return frame.select(
        pl.when(_HERE).then(pl.col(name).cast(kind)).alias(name) for name, kind in GIVEN.items()
    ).collect()


def _days() -> Mapping[str, pl.Expr]:
    return {
        # a fact ahead of the clock is not a negative silence
        "days_silent": _days_since(pl.coalesce("streak_day", pl.col("last_seen_at").dt.date())),
        "days_since_first": _days_since(pl.col("first_day")),
        "days_known": (_days_since(pl.col("first_day")) + 1).clip(1, WINDOW),
        "days_since_last_completion": _days_since(pl.col("completion_day")),
    }


def _trends(trend_days: int) -> Mapping[str, pl.Expr]:
    """trend_days: known days before the last week that a trend needs."""
    column = pl.col
    scores_before = _ratio(
        column("score_sum_28") - column("score_sum_14"), column("score_count_28") - column("score_count_14")
    )
    return {
        "session_frequency_trend": pl.when(column("days_known") - 7 >= trend_days).then(_frequency_trend()),
        "avg_days_between_sessions": pl.when(column("sessions_28") > 0)
        .then(column("days_known") / column("sessions_28"))
        .otherwise(column("days_silent").cast(pl.Float64)),
        "sentiment_trend_7d": _ratio(column("sentiment_sum_7"), column("sentiment_count_7")),
        "performance_trend": _ratio(column("score_sum_14"), column("score_count_14")) - scores_before,
        "standing_streak": pl.when(column("days_silent") <= 1).then("current_streak").otherwise(0),
    }


def _days_since(day: pl.Expr) -> pl.Expr:
    return (pl.col("local_day") - day).dt.total_days().clip(lower_bound=0).cast(pl.Int32)


def _frequency_trend() -> pl.Expr:
    now = pl.col("sessions_7") / 7
    before = (pl.col("sessions_28") - pl.col("sessions_7")) / (pl.col("days_known") - 7)
    change = (now - before) / pl.max_horizontal(now, before)
    # They were here once, and four weeks hold nothing: that is a fall, not a calm.
    return pl.when(pl.col("sessions_28") == 0).then(-1.0).otherwise(change)


def _ratio(total: pl.Expr, count: pl.Expr) -> pl.Expr:
    return pl.when(count > 0).then(total / count)
