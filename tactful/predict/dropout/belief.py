"""What is told of each person: a score with its level, the factors that speak for it, and a chance once learned."""

from collections.abc import Mapping

import polars as pl
from polars._typing import PolarsDataType

from tactful.kernel.settings import Settings
from tactful.predict.dropout import settings as rows
from tactful.predict.dropout.given import given
from tactful.predict.dropout.model import cold, sets

LEVELS = ("low", "medium", "high", "critical")

# What `score` answers, one row for each person of `known`, in its order.
SCORED: dict[str, PolarsDataType] = {
    "risk_score": pl.Float64,
    "risk_level": pl.String,
    "risk_factors": pl.List(pl.String),
    "risk_confidence": pl.Float64,
    # a calibrated chance of leaving; empty until one has been learned
    "probability": pl.Float64,
    "session_frequency_trend": pl.Float64,
    "avg_days_between_sessions": pl.Float64,
    "sentiment_trend_7d": pl.Float64,
    "days_since_last_completion": pl.Int32,
    "performance_trend": pl.Float64,
    # days in a row that still stand on the person's day
    "standing_streak": pl.Int32,
    "days_silent": pl.Int32,
    # sessions in each of the last four weeks, latest first
    "sessions_by_week": pl.List(pl.Int32),
}

_DEFAULT = Settings({})


def score(known: pl.DataFrame, recent: pl.DataFrame, *, settings: Settings | None = None) -> pl.DataFrame:
    """How likely each person of `known` is to leave; the columns of SCORED, in the order of `known`.

    known: columns of MOMENT. recent: RECENT. Both as `given` wants them. risk_score is null and the level
    "unknown" for somebody who never did anything. Source: the seed's thresholds (.3, .5, .7).
    """
    chosen = _DEFAULT if settings is None else settings
    numbers = given(known, recent, chosen)
    believed = cold(numbers, chosen).rename({"score": "risk_score", "confidence": "risk_confidence"})
    frame = numbers.lazy().with_columns(believed.select("risk_score", "risk_confidence", "named"))
    return frame.with_columns(**_words(chosen)).select(pl.col(n).cast(kind) for n, kind in SCORED.items()).collect()


def _words(s: Settings) -> Mapping[str, pl.Expr]:
    risk = pl.col("risk_score")
    level = (
        pl.when(risk.is_null()).then(pl.lit("unknown"))
        .when(risk >= s[rows.CRITICAL_FROM]).then(pl.lit("critical"))
        .when(risk >= s[rows.HIGH_FROM]).then(pl.lit("high"))
        .when(risk >= s[rows.MEDIUM_FROM]).then(pl.lit("medium"))
        .otherwise(pl.lit("low"))
    )  # fmt: skip
    weeks = (pl.col(f"sessions_{week + 7}") - pl.col(f"sessions_{week}") for week in (7, 14, 21))
    return {
        "risk_level": level,
        "risk_factors": pl.lit(sets()).gather(pl.col("named")),
        "probability": pl.lit(None, dtype=pl.Float64),
        "sessions_by_week": pl.concat_list("sessions_7", *weeks).fill_null([0, 0, 0, 0]),
    }
