"""The numbers a belief about struggling is made from: how things stood when it was asked, and the mood.

Null is unknown: somebody without attempts has no share of successes, content nobody tried has no difficulty unless
it was rated.
"""

import polars as pl
from polars._typing import PolarsDataType

GIVEN: dict[str, PolarsDataType] = {
    # what the seed asks for, 0..1: success at the skills of late, at what is similar, failures of all at the content
    "prereq_mastery": pl.Float64,
    "similar_performance": pl.Float64,
    "content_difficulty": pl.Float64,
    "days_since_review": pl.Float64,
    # how long the sitting has lasted, 0 fresh to 1
    "cognitive_load": pl.Float64,
    # -1..1
    "sentiment_trend": pl.Float64,
    # parts of the log-odds of success, and doubts (variances) about them
    "ease": pl.Float64,
    "skill_ease": pl.Float64,
    "content_doubt": pl.Float64,
    "skill_ease_doubt": pl.Float64,
    "person_level": pl.Float64,
    "skill_level": pl.Float64,
    "content_level": pl.Float64,
    # of the weakest of the skills
    "least_level": pl.Float64,
    "least_attempts": pl.Int32,
    "least_share": pl.Float64,
    # attempts at these skills, by how much successes exceeded what was expected of late, successes in a row
    "skill_attempts": pl.Int32,
    "skill_share": pl.Float64,
    "skill_surprise": pl.Float64,
    "skill_streak": pl.Int32,
    # attempts at anything
    "attempts": pl.Int32,
    "success_share": pl.Float64,
    "recent_share": pl.Float64,
    "surprise": pl.Float64,
    "surprise_long": pl.Float64,
    "streak": pl.Int32,
    "topics": pl.Int32,
    # attempts at this very content; success (0..1) of the last
    "tries": pl.Int32,
    "last_try": pl.Float64,
    # skills that the content needs, attempts at it by anybody
    "skills": pl.Int32,
    "content_attempts": pl.Int32,
    # attempts since the skills, since this content; days since this content
    "attempts_since_skill": pl.Int32,
    "attempts_since_content": pl.Int32,
    "days_since_content": pl.Float64,
    # attempts in a row at the same skills; minutes and attempts of the sitting; attempts that fade by the hour
    "run": pl.Int32,
    "pause_minutes": pl.Float64,
    "sitting_minutes": pl.Float64,
    "sitting_attempts": pl.Int32,
    "load": pl.Float64,
}
# Parts of one sum, which itself speaks.
TOGETHER = ("ease", "person_level", "skill_level", "content_level")

# Shares of few attempts lean towards two in three [attempts]; a difficulty towards its rating, or what is usual.
LEAN, OFTEN = 1.0, 0.65
RATED, USUAL = 4.0, 0.35
MINUTE, DAY = 60.0, 86_400.0
# Minutes of a sitting at which half of the load is reached.
LOADED = 60.0


def given(asked: pl.DataFrame, mood: pl.DataFrame | None = None) -> pl.DataFrame:
    """The columns of GIVEN for each row of `asked`, in its order.

    asked: columns of facts.practice.ASKED. mood: MOOD; without it, or without a row there, the sentiment is unknown.
    Point in time: as far as both are.
    """
    frame = asked.lazy().with_columns(days=pl.col("since_skill") / DAY, minutes=pl.col("sitting_seconds") / MINUTE)
    if mood is None:
        frame = frame.with_columns(sentiment_trend=pl.lit(None, pl.Float64))
    else:
        mean = (pl.col("sentiment_sum_7") / pl.col("sentiment_count_7")).clip(-1, 1).alias("sentiment_trend")
        means = mood.lazy().filter(pl.col("sentiment_count_7") > 0).select("person_id", mean)
        frame = frame.join(means, on="person_id", how="left", maintain_order="left")
    made = (_MADE.get(name, pl.col(name)).cast(kind).alias(name) for name, kind in GIVEN.items())
    return frame.select(made).collect()


def _share(successes: str, attempts: str, lean: float = LEAN) -> pl.Expr:
    """Null without attempts."""
    share = (pl.col(successes) + lean * OFTEN) / (pl.col(attempts) + lean)
    return pl.when(pl.col(attempts) > 0).then(share)


def _difficulty() -> pl.Expr:
    failures, tried = pl.col("content_attempts") - pl.col("content_successes"), pl.col("content_attempts")
    share = (failures + RATED * pl.col("difficulty").fill_null(USUAL)) / (tried + RATED)
    return pl.when((tried > 0) | pl.col("difficulty").is_not_null()).then(share)


_MADE: dict[str, pl.Expr] = {
    "prereq_mastery": _share("mastery_recent", "mastery_weight"),
    "similar_performance": pl.coalesce(
        _share("similar_successes", "similar_attempts"), _share("successes", "attempts", 2 * LEAN)
    ),
    "content_difficulty": _difficulty(),
    "days_since_review": pl.col("days"),
    "cognitive_load": pl.col("minutes") / (pl.col("minutes") + LOADED),
    "skill_share": _share("skill_recent", "skill_weight"),
    "success_share": _share("successes", "attempts", 2 * LEAN),
    "recent_share": _share("recent", "weight"),
    "attempts_since_skill": pl.col("skill_lag"),
    "attempts_since_content": pl.col("tries_lag"),
    "days_since_content": pl.col("since_content") / DAY,
    "pause_minutes": pl.col("since_last") / MINUTE,
    "sitting_minutes": pl.col("minutes"),
    "sitting_attempts": pl.col("sitting"),
}
