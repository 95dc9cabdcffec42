"""The cold start: six graded factors, weighted as the seed says, on the seed's scale. Pure.

A grade lies between 0 (no sign of struggling) and 1 (as clear as it gets) and is null without data. A null grade
neither convicts nor acquits: the weights of the others are taken to make up the whole.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats, numbers
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
    # In numbers: as a query, planning would take ten times as long as one person's sums.
    grades = _grades(given, chosen)
    known = {name: ~np.isnan(grade) for name, grade in grades.items()}
    telling = np.any([known[name] for name in TELLING], axis=0)
    whole = sum(known[name] * each for name, each in weights.items())
    whole = np.where(telling & (whole > 0), whole, np.nan)
    parts = {name: grades[name] * each / whole for name, each in weights.items()}
    score = np.where(np.isnan(whole), np.nan, sum(np.nan_to_num(part) for part in parts.values()))
    sure = np.where(np.isnan(whole), 0.0, _confidence(given, known, weights, chosen))
    told = {"score": score.clip(0, 1), "confidence": sure}
    return pl.DataFrame({**told, **parts}, nan_to_null=True)


def _grades(given: pl.DataFrame, s: Settings) -> Mapping[str, Floats]:
    """Of each factor; nan is unknown."""
    days, mastery = (numbers(given, name).clip(0) for name in ("days_since_review", "prereq_mastery"))
    fresh = s[rows.STALE_DAYS] / (days + s[rows.STALE_DAYS])
    raw = {
        "prereq_mastery": 1 - numbers(given, "prereq_mastery"),
        "similar_performance": 1 - numbers(given, "similar_performance"),
        "content_difficulty": numbers(given, "content_difficulty"),
        # What was practised just now stands where it stood; practice that went badly speaks for nobody.
        "recency": 1 - fresh * np.nan_to_num(mastery.clip(0, 1), nan=1.0),
        "cognitive_load": numbers(given, "cognitive_load"),
        "sentiment": (1 - numbers(given, "sentiment_trend")) / 2,
    }
    return {name: grade.clip(0, 1) for name, grade in raw.items()}


def _confidence(
    given: pl.DataFrame, known: Mapping[str, NDArray[np.bool_]], weights: Mapping[str, float], s: Settings
) -> Floats:
    """How much data stands behind the score, 0..1."""
    # Of several skills their set may be new, while each of them is well known.
    behind = {
        "prereq_mastery": ("skill_attempts", "least_attempts", "basics_attempts"),
        "similar_performance": ("attempts",),
    }
    half = s[rows.CONFIDENT_ATTEMPTS]
    sure = np.zeros(given.height)
    for name, each in weights.items():
        counts = [np.nan_to_num(numbers(given, column)).clip(0) for column in behind.get(name, ())]
        trust = np.maximum.reduce(counts) / (np.maximum.reduce(counts) + half) if counts else 1.0
        sure += each * known[name] * trust
    return sure / max(sum(weights.values()), 1e-9)
