"""Learning about being stuck from curves as they stood week by week, and what came after."""

from datetime import UTC, datetime, timedelta

import polars as pl
from polars.testing import assert_frame_equal

from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.kernel.settings import Settings
from tactful.predict import plateau
from tactful.predict.plateau.labels import LEAST
from tactful.store.learned.answers import ANSWERED
from tactful.uses.training.progress import WEEKS, progress
from tests.predict.plateau.learners import AFTER, TODAY, learners

UNTIL = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(days=AFTER)
DEFAULT = Settings({})


def log(size: int = 80) -> pl.DataFrame:
    told = learners(size).with_columns(
        at=pl.col("day").cast(pl.Datetime("us")).dt.replace_time_zone("UTC") + pl.duration(hours=9),
        topic_id="topic", content_id=None, seconds=None, hour=9.0,
    ).sort("at")  # fmt: skip
    return told.select(pl.col(name).cast(kind) for name, kind in ANSWERED.items())


def test_each_week_is_asked_about_with_what_was_known_then() -> None:
    course = progress(log(), DEFAULT, until=UNTIL)
    assert course is not None
    last = course.asked.filter(pl.col("at") == course.asked["at"].max())
    assert last["at"][0] == UNTIL - timedelta(days=14)
    known = log().rename({"topic_id": "topic"}).filter(pl.col("at") <= last["at"][0]).select(*ATTEMPT)
    now = advance(pl.DataFrame(schema=CURVE), known).with_columns(local_day=pl.lit(TODAY))
    given = now.select("person_id").hstack(plateau.given(now, DEFAULT))
    rows = (course.asked["at"] == last["at"][0]).to_numpy()
    mine = last.select("person_id").hstack(course.lessons.only(rows).given).sort("person_id")
    assert_frame_equal(mine, given.join(mine, on="person_id", how="semi").sort("person_id"))
    assert course.asked["at"].n_unique() <= WEEKS


def test_truth_is_what_later_attempts_showed() -> None:
    course = progress(log(200), DEFAULT, until=UNTIL)
    assert course is not None
    told = course.asked.with_columns(truth=pl.Series(course.lessons.truth), level=course.lessons.given["mastery_level"])
    scores = log(200).select("person_id", "score", later="at")
    between = told.join(scores, on="person_id").filter(
        (pl.col("later") > pl.col("at")) & (pl.col("later") <= pl.col("known_at"))
    )
    means = between.group_by("person_id", "at").agg(pl.col("score").mean(), pl.len())
    both = told.join(means, on=["person_id", "at"])
    assert both.height == told.height
    assert both["len"].min() >= LEAST  # type: ignore[operator]
    assert 0.2 < told["truth"].mean() < 0.8  # type: ignore[operator]
    assert (both["truth"] == (both["score"] - both["level"] < 0.05).cast(pl.Float64)).all()


def test_later_attempts_change_no_lesson() -> None:
    whole = log()
    early = progress(whole.filter(pl.col("at") <= UNTIL - timedelta(days=7)), DEFAULT, until=UNTIL - timedelta(days=7))
    late = progress(whole, DEFAULT, until=UNTIL)
    assert early is not None
    assert late is not None
    of = [each.lessons.only((each.asked["at"] <= early.asked["at"].max()).to_numpy()) for each in (early, late)]
    assert of[0].print() == of[1].print()


def test_nobody_who_went_on_teaches_nothing() -> None:
    assert progress(log()[:0], DEFAULT, until=UNTIL) is None
    short = log().filter(pl.col("at") > UNTIL - timedelta(days=10))
    assert progress(short, DEFAULT, until=UNTIL) is None
