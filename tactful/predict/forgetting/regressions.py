"""From beliefs to what the seed tells of a skill that is being lost: mastery then and now, and how urgent it is."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.moments import INSTANT
from tactful.kernel.settings import Settings
from tactful.predict.forgetting import settings as rows

URGENCIES = ("low", "medium", "high", "critical")
# How far ahead `predicted_mastery_in_week` looks.
AHEAD = timedelta(days=7)

REGRESSION: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    # 0..1: how well the skill sat at its best, as far as answers proved it, the chance to be right now, and their gap
    "peak_mastery": pl.Float64,
    "current_mastery": pl.Float64,
    "regression_amount": pl.Float64,
    "days_since_practice": pl.Int32,
    "last_practiced_at": INSTANT,
    # unless it is practised before
    "predicted_mastery_in_week": pl.Float64,
    "urgency": pl.String,
}

_DEFAULT = Settings({})


def regressions(
    kept: pl.DataFrame, now: pl.Series, in_week: pl.Series, *, at: datetime, settings: Settings | None = None
) -> pl.DataFrame:
    """The columns of REGRESSION for each skill that was learned once and is being lost, most urgent first.

    kept: person_id, skill_id and STOOD, as they stand at `at`. now, in_week: chances to have forgotten each [0..1] at
    `at` and AHEAD of it; null is unknown, and nothing is told of it. Skills whose times are unknown are left out.
    """
    chosen = _DEFAULT if settings is None else settings
    frame = kept.lazy().with_columns(now.alias("now"), in_week.alias("in_week"))
    lost = frame.with_columns(**_mastery()).with_columns(**_loss(at)).with_columns(urgency=_urgency(chosen))
    told = lost.filter(
        pl.col("peak_mastery") >= chosen[rows.LEARNED_FROM],
        pl.col("regression_amount") >= chosen[rows.LISTED_FROM],
        pl.col("last_practiced_at").is_not_null(),
    )
    told = told.sort("regression_amount", "person_id", "skill_id", descending=[True, False, False])
    return told.select(pl.col(name).cast(kind) for name, kind in REGRESSION.items()).collect()


def _mastery() -> Mapping[str, pl.Expr]:
    peak = pl.col("skill_peak")
    return {
        "peak_mastery": peak,
        "current_mastery": pl.min_horizontal(peak, 1 - pl.col("now")),
        "predicted_mastery_in_week": pl.min_horizontal(peak, 1 - pl.col("in_week")),
        "last_practiced_at": pl.col("skill_last_at"),
    }


def _loss(at: datetime) -> Mapping[str, pl.Expr]:
    return {
        "regression_amount": pl.when(pl.col("now").is_not_null()).then(
            pl.col("peak_mastery") - pl.col("current_mastery")
        ),
        "days_since_practice": (pl.lit(at) - pl.col("last_practiced_at")).dt.total_days().clip(0),
    }


def _urgency(s: Settings) -> pl.Expr:
    loss = pl.col("regression_amount")
    return (
        pl.when(loss >= s[rows.CRITICAL_FROM]).then(pl.lit("critical"))
        .when(loss >= s[rows.HIGH_FROM]).then(pl.lit("high"))
        .when(loss >= s[rows.MEDIUM_FROM]).then(pl.lit("medium"))
        .otherwise(pl.lit("low"))
    )  # fmt: skip
