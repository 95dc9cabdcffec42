"""The cold start: six graded factors, weighted as the seed says, on the seed's scale. Pure.

A grade lies between 0 (no sign of struggling) and 1 (as clear as it gets) and is null without data. A null grade
neither convicts nor acquits: the weights of the others are taken to make up the whole.
"""

from collections.abc import Mapping

import polars as pl

from tactful.facts.capability import Factors
from tactful.kernel.settings import Settings
from tactful.predict.struggle import settings as rows

# Factor -> what learning may know of it.
FACTORS: Factors = {
    "prereq_mastery": (
        "prereq_mastery", "skill_level", "least_level", "least_attempts", "least_share",
        "skill_attempts", "skill_share", "skill_surprise", "skill_streak",
    ),
    "similar_performance": (
        "similar_performance", "person_level", "attempts", "success_share", "recent_share", "surprise",
        "surprise_long", "streak", "topics", "content_level", "tries", "last_try",
    ),
    "content_difficulty": (
        "content_difficulty", "ease", "skill_ease", "content_doubt", "skill_ease_doubt", "skills", "content_attempts",
    ),
    "recency": ("days_since_review", "attempts_since_skill", "attempts_since_content", "days_since_content"),
    "cognitive_load": ("run", "pause_minutes", "sitting_minutes", "sitting_attempts", "load"),
    "sentiment": ("sentiment_trend",),
}  # fmt: skip

# Without any of these there is nothing to go by.
TELLING = ("prereq_mastery", "similar_performance", "content_difficulty")

_DEFAULT = Settings({})


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How much each person will struggle: the columns of COLD, then each factor's part of the score.

    given: columns of GIVEN. The score is null where neither the person's success so far nor the content's difficulty
    is known: the day, the sitting and the mood alone tell nothing. Source: the seed's weights (35, 25, 20, 10,
    5, 5); how a factor is graded is ours.
    """
    chosen = _DEFAULT if settings is None else settings
    weights = dict(zip(FACTORS, (chosen[row] for row in rows.WEIGHTS), strict=True))
    counts = (pl.col(name) for name in ("skill_attempts", "least_attempts", "attempts"))
    # Step by step: in one expression the planner would take longer than the sums.
    grades = given.select(*counts, **_grades(chosen))
    weighed = grades.with_columns(_weight=_weight(weights), **_trust(chosen[rows.CONFIDENT_ATTEMPTS]))
    parts = weighed.with_columns(
        pl.when(pl.col("_weight") > 0).then(pl.col(name) * each / pl.col("_weight")) for name, each in weights.items()
    )
    return parts.select(**_verdict(weights))


def _grades(s: Settings) -> Mapping[str, pl.Expr]:
    column, days = pl.col, pl.col("days_since_review").clip(lower_bound=0)
    raw = {
        "prereq_mastery": 1 - column("prereq_mastery"),
        "similar_performance": 1 - column("similar_performance"),
        "content_difficulty": column("content_difficulty"),
        "recency": days / (days + s[rows.STALE_DAYS]),
        "cognitive_load": column("cognitive_load"),
        "sentiment": (1 - column("sentiment_trend")) / 2,
    }
    return {name: grade.clip(0, 1).fill_nan(None) for name, grade in raw.items()}


def _weight(weights: Mapping[str, float]) -> pl.Expr:
    """Of the factors that have a grade; null where there is nothing to go by."""
    telling = pl.any_horizontal(pl.col(name).is_not_null() for name in TELLING)
    return pl.when(telling).then(pl.sum_horizontal(pl.col(name).is_not_null() * each for name, each in weights.items()))


def _trust(half: float) -> Mapping[str, pl.Expr]:
    """How much the attempts behind a factor make it worth. half: attempts for one half."""

    def of(*names: str) -> pl.Expr:
        count = pl.max_horizontal(names).fill_null(0).clip(lower_bound=0)
        return count / (count + half)

    # Of several skills their set may be new, while each of them is well known.
    return {
        "_trust_prereq_mastery": of("skill_attempts", "least_attempts"),
        "_trust_similar_performance": of("attempts"),
    }


def _verdict(weights: Mapping[str, float]) -> Mapping[str, pl.Expr]:
    trusted = ("prereq_mastery", "similar_performance")
    sure = [
        each * pl.col(name).is_not_null() * (pl.col(f"_trust_{name}") if name in trusted else 1.0)
        for name, each in weights.items()
    ]
    return {
        "score": pl.when(pl.col("_weight") > 0).then(pl.sum_horizontal(*weights).clip(0, 1)),
        "confidence": pl.sum_horizontal(sure) / max(sum(weights.values()), 1e-9),
        **{name: pl.col(name) for name in weights},
    }
