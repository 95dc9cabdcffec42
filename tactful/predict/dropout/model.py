"""The cold start: six graded factors, weighted as the seed says, on the seed's scale. Pure.

A grade lies between 0 (no sign) and 1 (as clear as it gets) and is null without data. A null
grade neither convicts nor acquits: the weights of the others are taken to make up the whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.activity import RECENT
from tactful.kernel.settings import Settings
from tactful.predict.dropout import settings as rows
from tactful.predict.dropout.measures import HERE, measures, usual_gap

FACTORS = tuple(row.name.removeprefix("dropout.weight_") for row in rows.WEIGHTS)
LEVELS = ("low", "medium", "high", "critical")

# Every set of factors, by its bits: looking one up is much quicker than making it for each person.
NAMED = pl.Series([[name for bit, name in enumerate(FACTORS) if row >> bit & 1] for row in range(1 << len(FACTORS))])

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


@dataclass(frozen=True, slots=True)
class DropoutModel:
    """Weights, bounds and thresholds, read once."""

    settings: Settings

    def score(self, known: pl.DataFrame, recent: pl.DataFrame) -> pl.DataFrame:
        """How likely each person of `known` is to leave; the columns of SCORED, in the order of `known`.

        known: columns of MOMENT (local_day, first_day, last_seen_at, completion_day, active_days,
        current_streak, longest_streak, streak_day). recent: RECENT; who has no row
        there was silent for four weeks. Point in time: as far as both are. risk_score is null and
        the level "unknown" for somebody who never did anything. Source: the seed's weights (25,
        20, 20, 15, 10, 10) and thresholds (.3, .5, .7); the bounds of the grades are ours.
        """
        counts = {name: pl.col(name).cast(kind).fill_null(0) for name, kind in RECENT.items() if name != "person_id"}
        frame = known.lazy().join(recent.lazy(), on="person_id", how="left", maintain_order="left")
        frame = frame.with_columns(**counts)
        for step in measures(self.settings[rows.TREND_DAYS]):
            frame = frame.with_columns(**step)
        frame = frame.with_columns(**self._grades()).with_columns(**self._verdict()).with_columns(**self._words())
        return frame.select(pl.col(name).cast(kind) for name, kind in SCORED.items()).collect()

    def _grades(self) -> Mapping[str, pl.Expr]:
        s = self.settings
        column, gap = pl.col, usual_gap(s[rows.NEWCOMER_DAYS])
        raw = {
            "declining_engagement": -column("session_frequency_trend"),
            "infrequent_sessions": gap / (gap + s[rows.RARE_GAP]),
            "negative_sentiment": column("sentiment_trend_7d") / s[rows.WORST_SENTIMENT],
            "no_progress": column("days_since_last_completion") / s[rows.STALLED_DAYS],
            "declining_performance": -column("performance_trend") / s[rows.WORST_DROP],
            "broken_streak": pl.when(column("longest_streak") >= s[rows.STREAK_DAYS]).then(
                1 - column("standing_streak") / column("longest_streak")
            ),
        }
        return {name: pl.when(HERE).then(grade.clip(0, 1)) for name, grade in raw.items()}

    def _named(self) -> pl.Expr:
        """The row of NAMED with the factors that are clear enough to be named."""
        clear = (pl.col(name) >= self.settings[rows.NAMED_FROM] for name in FACTORS)
        bits = (each.fill_null(value=False).cast(pl.UInt32) * (1 << bit) for bit, each in enumerate(clear))
        return pl.sum_horizontal(bits)

    def _verdict(self) -> Mapping[str, pl.Expr]:
        weights = dict(zip(FACTORS, (self.settings[row] for row in rows.WEIGHTS), strict=True))
        judged = [pl.col(name).is_not_null() * weight for name, weight in weights.items()]
        grades = [pl.col(name).fill_null(0) * weight for name, weight in weights.items()]
        weight, whole = pl.sum_horizontal(judged), sum(weights.values())
        days = pl.col("active_days").fill_null(0)
        return {
            "risk_score": pl.when(weight > 0).then((pl.sum_horizontal(grades) / weight).clip(0, 1)),
            "risk_confidence": weight / max(whole, 1e-9) * days / (days + self.settings[rows.CONFIDENT_DAYS]),
        }

    def _words(self) -> Mapping[str, pl.Expr]:
        s, score = self.settings, pl.col("risk_score")
        level = (
            pl.when(score.is_null()).then(pl.lit("unknown"))
            .when(score >= s[rows.CRITICAL_FROM]).then(pl.lit("critical"))
            .when(score >= s[rows.HIGH_FROM]).then(pl.lit("high"))
            .when(score >= s[rows.MEDIUM_FROM]).then(pl.lit("medium"))
            .otherwise(pl.lit("low"))
        )  # fmt: skip
        weeks = (pl.col("sessions_14") - pl.col("sessions_7"), pl.col("sessions_21") - pl.col("sessions_14"))
        return {
            "risk_level": level,
            "risk_factors": pl.lit(NAMED).gather(self._named()),
            "probability": pl.lit(None, dtype=pl.Float64),
            "sessions_by_week": pl.concat_list("sessions_7", *weeks, pl.col("sessions_28") - pl.col("sessions_21")),
        }
