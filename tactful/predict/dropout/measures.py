"""The numbers behind the grades: what the seed's response shows, from state and the last four weeks.

Every measure is null where there is nothing to measure. A week without activity is a zero; a
week before somebody was first seen is unknown.
"""

import polars as pl

WINDOW = 28
HERE = pl.col("active_days").fill_null(0) > 0


def measures(trend_days: int) -> tuple[dict[str, pl.Expr], ...]:
    """Columns in passes; each pass may use those before it. trend_days: known days a trend needs."""
    return (
        {
            # in the person's own local days; a fact ahead of the clock is not a negative silence
            "days_silent": _days_since(pl.coalesce("streak_day", pl.col("last_seen_at").dt.date())),
            "days_known": (_days_since(pl.col("first_day")) + 1).clip(1, WINDOW),
            "days_since_last_completion": _days_since(pl.col("completion_day")),
        },
        {
            "session_frequency_trend": pl.when(pl.col("days_known") - 7 >= trend_days).then(_frequency_trend()),
            "avg_days_between_sessions": pl.when(pl.col("sessions_28") > 0)
            .then(pl.col("days_known") / pl.col("sessions_28"))
            .otherwise(pl.col("days_silent").cast(pl.Float64)),
            "sentiment_trend_7d": _mean("sentiment_sum_7", "sentiment_count_7"),
            "performance_trend": _mean("score_sum_14", "score_count_14")
            - _ratio(
                pl.col("score_sum_28") - pl.col("score_sum_14"), pl.col("score_count_28") - pl.col("score_count_14")
            ),
            "standing_streak": pl.when(pl.col("days_silent") <= 1).then("current_streak").otherwise(0).cast(pl.Int32),
        },
    )


def usual_gap(newcomer_days: float) -> pl.Expr:
    """Days between sessions of late, the last week counting most.

    The silence that still lasts counts on top, and `newcomer_days` stand in while little is known.
    """
    weeks = (7, 14, 21, 28)
    days = pl.sum_horizontal(pl.col("days_known").clip(upper_bound=days) for days in weeks) / len(weeks)
    sessions = pl.sum_horizontal(f"sessions_{days}" for days in weeks) / len(weeks)
    return (days + pl.col("days_silent") + newcomer_days) / (sessions + 1)


def _days_since(day: pl.Expr) -> pl.Expr:
    return (pl.col("local_day") - day).dt.total_days().clip(lower_bound=0).cast(pl.Int32)


def _frequency_trend() -> pl.Expr:
    """Sessions a day in the last week against those before: -1 stopped, 0 as ever, 1 only just begun."""
    now = pl.col("sessions_7") / 7
    before = (pl.col("sessions_28") - pl.col("sessions_7")) / (pl.col("days_known") - 7)
    change = (now - before) / pl.max_horizontal(now, before)
    # They were here once, and four weeks hold nothing: that is a fall, not a calm.
    return pl.when(pl.col("sessions_28") == 0).then(-1.0).otherwise(change)


def _mean(total: str, count: str) -> pl.Expr:
    return _ratio(pl.col(total), pl.col(count))


def _ratio(total: pl.Expr, count: pl.Expr) -> pl.Expr:
    return pl.when(count > 0).then(total / count)
