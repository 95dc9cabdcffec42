"""The numbers a belief about struggling is made from: how things stood when it was asked, and the mood.

Null is unknown: somebody without attempts has no share of successes, content nobody tried has no difficulty unless
it was rated.
"""

import polars as pl
from polars._typing import PolarsDataType

GIVEN: dict[str, PolarsDataType] = {
    # what the seed asks for, 0..1: success of late at the skills or else at what comes before them, at this very
    # content or else at what is similar, failures of all at the content
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
    # 0..1: success of late at the skills alone, and at what comes before them
    "skill_mastery": pl.Float64,
    "basics_mastery": pl.Float64,
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
    # what was counted, as it is told in words: scores on average (0..1), attempts at what is similar, the rating
    "skill_average": pl.Float64,
    "basics_average": pl.Float64,
    "basics_attempts": pl.Float64,
    "tries_average": pl.Float64,
    "similar_average": pl.Float64,
    "average": pl.Float64,
    "content_average": pl.Float64,
    "difficulty": pl.Float64,
}
# Parts of one sum, which itself speaks.
TOGETHER = ("ease", "person_level", "skill_level", "content_level")

# Shares of few attempts lean towards two in three [attempts]; a difficulty towards its rating, or what is usual.
LEAN, OFTEN = 1.0, 0.65
# Shares of late lean towards those of all attempts: little at content itself and at skills, much at all things
# together; those of all attempts at one thing towards what is nearest to it [attempts].
LATE_ITSELF, LATE, LATE_OVERALL = 0.5, 1.5, 15.0
NEAR = 4.0
RATED, USUAL = 4.0, 0.35
MINUTE, DAY = 60.0, 86_400.0
# Minutes of a sitting at which half of the load is reached.
LOADED = 60.0


def given(asked: pl.DataFrame, mood: pl.DataFrame | None = None) -> pl.DataFrame:
    """The columns of GIVEN for each row of `asked`, in its order.

    asked: columns of facts.practice.ASKED. mood: MOOD; without it, or without a row there, the sentiment is unknown.
    Point in time: as far as both are.
    """
    frame = asked.lazy().with_columns(
        tries_attempts="tries", days=pl.col("since_skill") / DAY, minutes=pl.col("sitting_seconds") / MINUTE
    )
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


def _average(successes: str, attempts: str) -> pl.Expr:
    """As counted; null without attempts."""
    return pl.when(pl.col(attempts) > 0).then(pl.col(successes) / pl.col(attempts))


def _late(name: str, base: pl.Expr, lean: float = LATE) -> pl.Expr:
    """The share of late at `name`, leaning on all attempts there, and these on `base`; null without attempts."""
    every = (pl.col(f"{name}_successes") + NEAR * base) / (pl.col(f"{name}_attempts") + NEAR)
    return _of_late(f"{name}_recent", f"{name}_weight", every, lean)


def _of_late(recent: str, weight: str, every: pl.Expr, lean: float) -> pl.Expr:
    return pl.when(pl.col(weight) > 0).then((pl.col(recent) + lean * every) / (pl.col(weight) + lean))


def _difficulty() -> pl.Expr:
    failures, tried = pl.col("content_attempts") - pl.col("content_successes"), pl.col("content_attempts")
    share = (failures + RATED * pl.col("difficulty").fill_null(USUAL)) / (tried + RATED)
    return pl.when((tried > 0) | pl.col("difficulty").is_not_null()).then(share)


_BASICS = _late("basics", pl.lit(OFTEN))
_MASTERY = _late("mastery", pl.coalesce(_BASICS, pl.lit(OFTEN)))
_OVERALL = _share("successes", "attempts", 2 * LEAN)
_ALIKE = pl.coalesce(
    _share("similar_successes", "similar_attempts"), _of_late("recent", "weight", _OVERALL, LATE_OVERALL)
)

_MADE: dict[str, pl.Expr] = {
    "prereq_mastery": pl.coalesce(_MASTERY, _BASICS),
    "skill_mastery": _MASTERY,
    "basics_mastery": _BASICS,
    # Nothing is more like the content than itself.
    "similar_performance": pl.coalesce(_late("tries", _ALIKE, LATE_ITSELF), _ALIKE),
    "content_difficulty": _difficulty(),
    "days_since_review": pl.col("days"),
    "cognitive_load": pl.col("minutes") / (pl.col("minutes") + LOADED),
    "skill_share": _share("skill_recent", "skill_weight"),
    "success_share": _OVERALL,
    "recent_share": _share("recent", "weight"),
    "attempts_since_skill": pl.col("skill_lag"),
    "attempts_since_content": pl.col("tries_lag"),
    "days_since_content": pl.col("since_content") / DAY,
    "pause_minutes": pl.col("since_last") / MINUTE,
    "sitting_minutes": pl.col("minutes"),
    "sitting_attempts": pl.col("sitting"),
    "skill_average": _average("mastery_successes", "mastery_attempts"),
    "basics_average": _average("basics_successes", "basics_attempts"),
    "tries_average": _average("tries_successes", "tries"),
    "similar_average": _average("similar_successes", "similar_attempts"),
    "average": _average("successes", "attempts"),
    "content_average": _average("content_successes", "content_attempts"),
}
