"""Learning how moods go on: where people come back to themselves it serves, where the rule is right it does not."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.facts.moments import INSTANT
from tactful.kernel.chance import mix
from tactful.kernel.settings import Settings
from tactful.learn.settings import MIN_SAMPLES
from tactful.store.database import Database
from tactful.store.reading import reader
from tactful.store.sensed import sounding
from tactful.uses import training
from tactful.uses.training import Taking, trends
from tests.living import NOW, RULES, one
from tests.predict.mood_trend.writers import AFTER, afterwards, sounded
from tests.trending import write


def taken(database: Database, at: datetime = NOW) -> list[dict[str, Any]]:
    return training.train(database, RULES, at=at, by="test", capability="mood_trend")


def test_how_people_sounded_is_what_their_messages_say_and_nothing_later(closed_database: Database) -> None:
    said = write(closed_database, 30)
    for at in (NOW - timedelta(days=AFTER, hours=3), NOW - timedelta(days=20)):
        with reader(closed_database, few=False) as source:
            told = sounding.then(source, 1, [at], most=1_000)
            later = sounding.afterwards(source, 1, [at], most=1_000, within=timedelta(days=14))
        names = one(closed_database, "SELECT array_agg(id ORDER BY external_id) FROM people")
        number = pl.col("person_id").replace_strict(names, list(range(30)))
        expected = sounded(said, at).with_columns(pl.col("at").cast(INSTANT))
        assert told.height > 20
        assert_frame_equal(told.with_columns(number).sort("person_id"), expected, check_exact=False)
        truth = afterwards(said, at).with_columns(pl.col("at").cast(INSTANT))
        mine = later.with_columns(number).sort("person_id")
        assert_frame_equal(mine, truth, check_exact=False)


def test_where_moods_come_back_to_themselves_it_serves_and_its_chances_hold(closed_database: Database) -> None:
    write(closed_database)
    (report,) = taken(closed_database)
    assert report["promoted"], report["reason"]
    metrics = report["metrics"]
    assert metrics["gain"]["low"] > 0
    assert metrics["candidate"]["auc"] > metrics["serving"]["auc"] + 0.1
    assert metrics["candidate"]["ece"] < 0.08


def test_where_the_rule_is_right_nothing_takes_its_place(closed_database: Database) -> None:
    write(closed_database)
    course = trends.trends(closed_database, Settings({}), until=NOW)
    assert course is not None
    # The same questions, and an answer that is drawn by what the rule believes of each.
    size = course.lessons.truth.size
    drawn = (mix(np.arange(size, dtype=np.uint64), 5) >> np.uint64(11)).astype(np.float64) / 2**53
    fair = replace(course, lessons=replace(course.lessons, truth=1.0 * (drawn < course.lessons.score())))
    (report,) = Taking(closed_database, fair, NOW, "test", False, least=500).reports()
    assert not report["promoted"]
    assert "not surely better" in report["reason"]
    assert one(closed_database, "SELECT count(*) FROM model_versions WHERE promoted_at IS NOT NULL") == 0


def test_of_few_messages_it_is_too_early(closed_database: Database) -> None:
    write(closed_database, 8)
    (report,) = taken(closed_database)
    assert not report["promoted"]
    least = Settings({})[MIN_SAMPLES]
    reason = f"Too early: {report['lessons']} of the {least} lessons it takes (learn.min_training_samples)."
    assert report["reason"] == reason


def test_what_is_said_after_its_truth_teaches_nothing(closed_database: Database) -> None:
    write(closed_database, 20)
    at = NOW - timedelta(days=21)
    before = trends.trends(closed_database, Settings({}), until=at)
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM user_engagements WHERE occurred_at > %s", (at,))
    after = trends.trends(closed_database, Settings({}), until=at)
    assert before is not None
    assert after is not None
    assert before.lessons.print() == after.lessons.print()


def test_nobody_who_wrote_means_nothing_to_learn_from(closed_database: Database) -> None:
    assert taken(closed_database) == []


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_the_newest_are_judged_by_what_was_known_before_them(closed_database: Database, share: float) -> None:
    write(closed_database, 20)
    course = trends.trends(closed_database, Settings({}), until=NOW - share * timedelta(days=30))
    assert course is not None
    before = course.before(1)
    assert (course.asked.filter(pl.col("known_at") <= before)["at"] < before).all()
    assert course.exam(1).truth.size == course.asked.filter(pl.col("at") > before).height
