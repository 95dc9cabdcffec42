"""The cold start: six graded factors, weighted as the seed says, on the seed's scale. Pure.

A grade lies between 0 (no sign) and 1 (as clear as it gets) and is null without data. A null
grade neither convicts nor acquits: the weights of the others are taken to make up the whole.
"""

from collections.abc import Mapping
from functools import cache

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.dropout import settings as rows

# Factor -> what learning may know of it. Steps between the values of each are found by learning.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "declining_engagement": (
        "sessions_7", "sessions_14", "sessions_21", "sessions_28",
        "events_7", "events_14", "events_21", "events_28", "days_28",
    ),
    "infrequent_sessions": ("days_silent", "days_since_first", "active_days", "events"),
    "negative_sentiment": ("sentiment_trend_7d",),
    "no_progress": ("days_since_last_completion",),
    "declining_performance": ("performance_trend",),
    "broken_streak": ("longest_streak",),
}  # fmt: skip

_DEFAULT = Settings({})


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How likely each person is to leave: the columns of COLD, each factor's part, and `named`.

    given: columns of GIVEN. named: which factors are clear enough to be told, as bits in the order of FACTORS.
    The score is null for somebody who never did anything. Source: the seed's weights (25, 20, 20, 15, 10, 10);
    the bounds of the grades are ours.
    """
    chosen = _DEFAULT if settings is None else settings
    grades = given.lazy().with_columns(**_grades(chosen))
    return grades.select(**_verdict(chosen), named=_named(chosen[rows.NAMED_FROM])).collect()


def _grades(s: Settings) -> Mapping[str, pl.Expr]:
    column, gap = pl.col, _usual_gap(s[rows.NEWCOMER_DAYS])
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
    return {name: grade.clip(0, 1).fill_nan(None) for name, grade in raw.items()}


def _usual_gap(newcomer_days: float) -> pl.Expr:
    """Days between sessions of late, the last week counting most.

    The silence that still lasts counts on top, and `newcomer_days` stand in while little is known.
    """
    weeks = (7, 14, 21, 28)
    days = pl.sum_horizontal((pl.col("days_known").clip(upper_bound=days) for days in weeks), ignore_nulls=False) / len(
        weeks
    )
    sessions = pl.sum_horizontal((f"sessions_{days}" for days in weeks), ignore_nulls=False) / len(weeks)
    return (days + pl.col("days_silent") + newcomer_days) / (sessions + 1)


def _verdict(s: Settings) -> Mapping[str, pl.Expr]:
    weights = dict(zip(FACTORS, (s[row] for row in rows.WEIGHTS), strict=True))
    weight = pl.sum_horizontal([pl.col(name).is_not_null() * weight for name, weight in weights.items()])
    parts = {name: pl.when(weight > 0).then(pl.col(name) * each / weight) for name, each in weights.items()}
    days = pl.col("active_days").fill_null(0)
    return {
        "score": pl.when(weight > 0).then(pl.sum_horizontal(parts.values()).clip(0, 1)),
        "confidence": weight / max(sum(weights.values()), 1e-9) * days / (days + s[rows.CONFIDENT_DAYS]),
        **parts,
    }


def _named(from_grade: float) -> pl.Expr:
    clear = (told(name, (pl.col(name) >= from_grade).fill_null(value=False)) for name in FACTORS)
    return pl.sum_horizontal(each.cast(pl.UInt32) * (1 << bit) for bit, each in enumerate(clear))


def told(factor: str, clear: pl.Expr) -> pl.Expr:
    """Whether a factor that is `clear` may be told: one visit has no distance to another."""
    two = (pl.col("sessions_28") >= 2) | (pl.col("active_days") >= 2)
    return clear & two.fill_null(value=False) if factor == "infrequent_sessions" else clear


@cache
def sets() -> pl.Series:
    """Every set of factors, by its bits: looking one up is much quicker than making it for each person."""
    names = list(FACTORS)
    return pl.Series([[name for bit, name in enumerate(names) if row >> bit & 1] for row in range(1 << len(names))])
