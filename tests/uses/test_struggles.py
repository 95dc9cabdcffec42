"""Whether somebody will struggle: from what attempts left behind, in one pass for one question or many."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.kernel.errors import BadInput
from tactful.predict import struggle
from tactful.store.database import Database
from tactful.store.decided.struggles import Asked
from tactful.uses import struggles
from tests.living import one, rows
from tests.tried import AT, DEFAULT, TOLD, asks, tries

SAME = ("confidence", "should_offer_help", "help_message", "actions", "reasons")
MASTERED = [1.0] * 9 + [0.0] + [1.0] * 10
FAILED = [0.0] * 8


def test_who_masters_what_comes_before_will_hardly_struggle(closed_database: Database) -> None:
    for skill in ("skill_1", "skill_2"):
        tries(closed_database, MASTERED, skill=skill, at=AT - timedelta(days=1))
    told = asks(closed_database, difficulty=0.5, prerequisites=["skill_1", "skill_2"])
    assert told["struggle_probability"] < 0.3
    assert told["confidence"] > 0.7
    assert told["features"]["prereq_mastery"] > 0.8
    assert (told["should_offer_help"], told["help_message"], told["actions"]) == (False, None, [])


def test_who_failed_at_what_comes_before_is_offered_help_with_reasons(closed_database: Database) -> None:
    tries(closed_database, FAILED, at=AT - timedelta(days=1))
    told = asks(closed_database, difficulty=0.8, prerequisites=["skill_1"])
    assert told["struggle_probability"] > 0.6
    assert told["should_offer_help"]
    assert [action["type"] for action in told["actions"]] == ["review_prerequisites", "continue_anyway"]
    assert "basics" in told["help_message"]
    assert told["reasons"][0].startswith("Of 8 attempts at the skills this builds on")
    loudest = max(told["contributions"], key=told["contributions"].__getitem__)
    assert loudest == "prereq_mastery"
    assert list(told["features"]) == list(struggle.FACTORS) == list(told["contributions"])


def test_all_that_is_believed_is_stored(closed_database: Database) -> None:
    tries(closed_database, FAILED, at=AT - timedelta(days=3))
    told = asks(closed_database, kind="quiz", difficulty=0.8, prerequisites=["skill_1"])
    (row,) = rows(closed_database, TOLD)
    assert (row["id"], row["content_id"], row["content_type"]) == (told["prediction_id"], "lesson_42", "quiz")
    assert row["struggle_probability"] == told["struggle_probability"]
    assert (row["confidence"], row["days_since_review"]) == (told["confidence"], 3)
    assert row["contributions"] == list(told["contributions"].values())
    for name in ("prereq_mastery", "similar_performance", "content_difficulty", "cognitive_load"):
        assert row[name] == told["features"][name]
    assert set(row["prediction_features"]) <= set(struggle.GIVEN)
    assert row["prediction_features"]["skill_attempts"] == 8
    assert (row["intervention_offered"], row["intervention_accepted"], row["actual_struggled"]) == (True, None, None)
    assert row["predicted_at"] == AT


def test_of_nobody_and_nothing_nothing_is_known(closed_database: Database) -> None:
    told = asks(closed_database, person="new", prerequisites=["never heard of"])
    assert (told["struggle_probability"], told["confidence"]) == (None, 0)
    assert [name for name, value in told["features"].items() if value is not None] == ["cognitive_load"]
    assert (told["reasons"], told["should_offer_help"]) == ([], False)
    (row,) = rows(closed_database, TOLD)
    assert (row["struggle_probability"], row["id"]) == (None, told["prediction_id"])
    rated = asks(closed_database, person="new", difficulty=0.9)
    assert rated["struggle_probability"] > 0.7
    assert rated["confidence"] < 0.3
    assert not rated["should_offer_help"], "one rating is too little to go by"
    assert one(closed_database, "SELECT count(*) FROM people") == 1


def test_described_content_brings_its_own_and_the_request_comes_first(closed_database: Database) -> None:
    tries(closed_database, FAILED, skill="hard", at=AT - timedelta(days=1))
    tries(closed_database, MASTERED, skill="easy", at=AT - timedelta(hours=20))
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO content (organisation_id, id, kind, difficulty, skills, prerequisites)
               SELECT o.id, w.* FROM organisations o,
                      (VALUES ('lesson_42', 'quiz', 0.9, '{hard}'::text[], '{}'::text[]),
                              ('lesson_43', 'quiz', 0.5, '{}', '{lesson_42}'),
                              ('lesson_44', 'quiz', 0.5, '{}', '{}')) w"""
        )
    own, after = (asks(closed_database, content) for content in ("lesson_42", "lesson_43"))
    assert own["features"]["prereq_mastery"] == after["features"]["prereq_mastery"] < 0.3
    assert own["features"]["content_difficulty"] == pytest.approx(0.9)
    said = asks(closed_database, "lesson_42", difficulty=0.2, prerequisites=["easy"])
    assert said["features"]["prereq_mastery"] > 0.8
    assert said["features"]["content_difficulty"] == pytest.approx(0.2)
    by_content = asks(closed_database, "lesson_44", prerequisites=["lesson_42"])
    assert by_content["features"]["prereq_mastery"] == own["features"]["prereq_mastery"]
    assert {row["content_type"] for row in rows(closed_database, TOLD)} == {"quiz"}


def test_without_any_description_attempts_tell_what_content_is_about(closed_database: Database) -> None:
    tries(closed_database, [0.0] * 30, person="ben", content="lesson_42", skill="skill_7")
    tries(closed_database, FAILED, skill="skill_7")
    told = asks(closed_database)
    assert told["features"]["prereq_mastery"] < 0.3
    assert told["features"]["content_difficulty"] > 0.8
    assert told["struggle_probability"] > 0.6


def test_what_is_similar_may_be_topics_skills_or_content(closed_database: Database) -> None:
    tries(closed_database, MASTERED, skill="a", topic="algebra")
    tries(closed_database, FAILED, skill="b", topic="geometry", content="lesson_1")
    shares = [
        asks(closed_database, similar=[name])["features"]["similar_performance"]
        for name in ("algebra", "a", "geometry", "b", "lesson_1")
    ]
    assert min(shares[:2]) > 0.8
    assert max(shares[2:]) < 0.3
    assert 0.3 < asks(closed_database, similar=["unknown"])["features"]["similar_performance"] < 0.8


def test_what_leads_back_to_the_content_is_refused_and_harms_nobody_else(closed_database: Database) -> None:
    tries(closed_database, FAILED)
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO content (organisation_id, id, prerequisites)
               SELECT o.id, w.* FROM organisations o, (VALUES ('b', '{c}'::text[]), ('c', '{d}'), ('x', '{y}'),
                      ('y', '{x}')) w"""
        )
    asked: list[dict[str, Any]] = [
        {"content_id": "d", "prerequisites": ["b"]},
        {"content_id": "e", "prerequisites": ["b"]},
        {"content_id": "f", "prerequisites": ["f"]},
        {"content_id": "g", "prerequisites": ["x"]},
    ]
    told = struggles.predict(closed_database, DEFAULT, [Asked("acme", "ana", **each) for each in asked], AT)
    refused = [each.fields if isinstance(each, BadInput) else None for each in told]
    assert refused == [["prerequisites"], None, ["prerequisites"], None]
    assert [row["content_id"] for row in rows(closed_database, TOLD)] == ["e", "g"]


def test_many_are_answered_as_each_alone(closed_database: Database) -> None:
    tries(closed_database, MASTERED, skill="a", content="one")
    tries(closed_database, FAILED, person="ben", skill="a", content="one")
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('other', 3)")
    asked = [
        Asked(whose, person, content, difficulty=0.6, prerequisites=needed, similar=["one"])
        for whose in ("acme", "other")
        for person in ("ana", "ben", "cleo")
        for content, needed in (("one", ["a"]), ("two", ["a", "b"]), ("three", []))
    ]
    together = struggles.predict(closed_database, DEFAULT, asked, AT)
    alone = [struggles.predict(closed_database, DEFAULT, [each], AT)[0] for each in asked]
    for many, single in zip(together, alone, strict=True):
        assert isinstance(many, dict)
        assert isinstance(single, dict)
        assert many["features"] == pytest.approx(single["features"])
        assert many["contributions"] == pytest.approx(single["contributions"])
        assert [many[name] for name in SAME] == [single[name] for name in SAME]
    known = [each["struggle_probability"] for each in together if isinstance(each, dict)]
    assert known[0] < 0.4 < known[3]
    # Another organisation's people and content share no more than their names.
    assert len({chance for chance in known[9:] if chance is not None}) == 1


def test_a_recorded_mood_counts(closed_database: Database) -> None:
    tries(closed_database, FAILED)
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_day SET sentiment_sum = -1.6, sentiment_count = 2")
    told = asks(closed_database)
    assert told["features"]["sentiment"] == pytest.approx(-0.8)
    assert "The mood of the last seven days is low (-0.80 of -1 to +1)." in told["reasons"]


def test_attempts_that_come_late_and_clocks_that_go_back_break_nothing(closed_database: Database) -> None:
    tries(closed_database, MASTERED)
    tries(closed_database, [0.0], at=AT - timedelta(days=400))
    told = asks(closed_database, prerequisites=["skill_1"], at=AT - timedelta(days=30))
    assert 0 < told["struggle_probability"] < 1
    assert told["features"]["recency"] == 0
