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
    grades = given.lazy().select(
        *(pl.col(name) for name in ("skill_attempts", "attempts", "content_attempts")), **_grades(chosen)
    )
    return grades.select(**_verdict(chosen)).collect()


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


def _verdict(s: Settings) -> Mapping[str, pl.Expr]:
    weights = dict(zip(FACTORS, (s[row] for row in rows.WEIGHTS), strict=True))
    weight = pl.sum_horizontal([pl.col(name).is_not_null() * each for name, each in weights.items()])
    known = (weight > 0) & pl.any_horizontal(pl.col(name).is_not_null() for name in TELLING)
    parts = {name: pl.when(known).then(pl.col(name) * each / weight) for name, each in weights.items()}
    trust = _trust(s[rows.CONFIDENT_ATTEMPTS])
    sure = [each * trust.get(name, pl.lit(1.0)) * pl.col(name).is_not_null() for name, each in weights.items()]
    return {
        "score": pl.when(known).then(pl.sum_horizontal(parts.values()).clip(0, 1)),
        "confidence": pl.sum_horizontal(sure) / max(sum(weights.values()), 1e-9),
        **parts,
    }


def _trust(half: float) -> Mapping[str, pl.Expr]:
    """How much the attempts behind a factor make it worth."""

    def of(name: str) -> pl.Expr:
        count = pl.col(name).fill_null(0).clip(lower_bound=0)
        return count / (count + half)

    return {"prereq_mastery": of("skill_attempts"), "similar_performance": of("attempts")}
