"""The cold start: somebody is stuck if there were attempts and days enough, no progress, and no mastery. Pure.

All of it is needed at once, so the grades multiply; each tells how much of the score is its own by its weight.
"""

from collections.abc import Mapping

import polars as pl

from tactful.kernel.settings import Settings
from tactful.predict.plateau import settings as rows

# Factor -> what learning may know of it.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "no_improvement": (
        "stuck", "mastery_improvement", "half_improvement", "attempts_since_change", "jump", "scatter",
    ),
    "many_attempts": ("attempts", "attempts_a_day", "stretch_attempts"),
    "long_on_topic": ("days_on_topic", "stretch_days", "days_since_last"),
    "not_mastered": ("mastery_level",),
}  # fmt: skip
# How much of the score each factor is told to make.
WEIGHTS: Mapping[str, float] = {
    "no_improvement": 0.4, "many_attempts": 0.2, "long_on_topic": 0.2, "not_mastered": 0.2,
}  # fmt: skip

_DEFAULT = Settings({})


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How likely each person is stuck on the skill: the columns of COLD, then each factor's part.

    given: columns of GIVEN. The score is null before there are attempts and days enough to tell.
    """
    chosen = _DEFAULT if settings is None else settings
    grades = given.lazy().with_columns(**_grades(chosen))
    return grades.select(**_verdict(chosen)).collect()


def _grades(s: Settings) -> Mapping[str, pl.Expr]:
    column = pl.col
    raw = {
        "no_improvement": column("stuck"),
        "many_attempts": column("attempts") / s[rows.ATTEMPTS],
        "long_on_topic": column("days_on_topic") / (s[rows.DAYS] + 1),
        "not_mastered": (s[rows.MASTERED] - column("mastery_level")) / s[rows.NEARLY],
    }
    return {f"grade_{name}": grade.clip(0, 1).fill_nan(None) for name, grade in raw.items()}


def _verdict(s: Settings) -> Mapping[str, pl.Expr]:
    known = pl.all_horizontal(pl.col(f"grade_{name}").is_not_null() for name in FACTORS)
    score = pl.lit(1.0)
    for name in FACTORS:
        score = score * pl.col(f"grade_{name}")
    told = {name: weight * pl.col(f"grade_{name}") for name, weight in WEIGHTS.items()}
    whole = pl.sum_horizontal(told.values())
    attempts = pl.col("attempts").clip(lower_bound=0)
    shares = {name: pl.when(known).then(score * pl.when(whole > 0).then(part / whole).otherwise(0.0))
              for name, part in told.items()}  # fmt: skip
    return {
        "score": pl.when(known).then(score.clip(0, 1)),
        "confidence": pl.when(known).then(attempts / (attempts + s[rows.CONFIDENT_ATTEMPTS])).otherwise(0.0),
        **shares,
    }
