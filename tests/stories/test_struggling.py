"""Somebody fails at the basics, is offered help before the next lesson, takes it, and what came of it is known."""

from datetime import timedelta
from typing import Any

from tactful.bootstrap import Engine
from tactful.store.database import Database
from tactful.store.described import erasure
from tests.api.conftest import engine_settings
from tests.living import one, rows
from tests.tried import AT, TOLD, asks, tried, tries

HOUR = timedelta(hours=1)
LESSON: dict[str, Any] = {"difficulty": 0.7, "prerequisites": ["basics"]}


async def test_from_attempts_to_help_to_what_came_of_it(closed_database: Database, redis_url: str) -> None:
    async with Engine(engine_settings(closed_database, redis_url)) as engine:
        now = engine.clock.now()
        await engine.accept("acme", tried("ana", [0.0] * 9, skill="basics", at=now - 2 * HOUR))
        told = await engine.struggle("acme", "ana", "lesson", **LESSON)
        assert told["should_offer_help"]
        chosen = await engine.answer_help("acme", "ana", told["prediction_id"], "review_prerequisites")
        assert (chosen["id"], chosen["intervention_accepted"]) == (told["prediction_id"], True)
        await engine.accept("acme", tried("ana", [1.0] * 12, skill="basics", at=now, name="review"))
        later = await engine.struggle("acme", "ana", "lesson", **LESSON)
        assert later["struggle_probability"] < told["struggle_probability"] - 0.2
        await engine.accept("acme", tried("ana", [1.0], content="lesson", skill="basics", at=now + 0.1 * HOUR))
    first, second = rows(closed_database, TOLD)
    assert (first["intervention_offered"], first["intervention_accepted"], first["actual_struggled"]) == (
        True, True, None,
    )  # fmt: skip
    assert (second["actual_struggled"], second["outcome_from"]) == (False, "event")
    assert second["actual_outcome_at"] > second["predicted_at"]


def test_the_first_attempt_that_comes_in_time_tells_and_no_other(closed_database: Database) -> None:
    asks(closed_database, at=AT)
    tries(closed_database, [1.0], content="lesson_42", at=AT, name="before")
    tries(closed_database, [1.0], content="lesson_41", at=AT + HOUR)
    tries(closed_database, [1.0], content="lesson_42", at=AT + HOUR, person="ben")
    assert one(closed_database, "SELECT actual_outcome_at FROM struggle_predictions") is None
    tries(closed_database, [0.4, 1.0, 1.0], content="lesson_42", at=AT + 2 * HOUR)
    (row,) = rows(closed_database, TOLD)
    assert (row["actual_struggled"], row["actual_outcome_at"]) == (True, AT + 2 * HOUR - timedelta(minutes=3))
    tries(closed_database, [1.0], content="lesson_42", at=AT + 3 * HOUR)
    assert rows(closed_database, TOLD) == [row]


def test_what_comes_after_a_week_tells_nothing(closed_database: Database) -> None:
    asks(closed_database, at=AT)
    tries(closed_database, [1.0], content="lesson_42", at=AT + timedelta(days=7, minutes=2))
    assert one(closed_database, "SELECT actual_outcome_at FROM struggle_predictions") is None


def test_an_attempt_answers_the_latest_question_before_it(closed_database: Database) -> None:
    for hours in (0, 1, 3):
        asks(closed_database, at=AT + hours * HOUR)
    # It comes late: by then, one more had been asked.
    tries(closed_database, [0.0], content="lesson_42", at=AT + 2 * HOUR)
    assert [row["actual_struggled"] for row in rows(closed_database, TOLD)] == [None, True, None]
    tries(closed_database, [1.0], content="lesson_42", at=AT + 4 * HOUR)
    assert [row["actual_struggled"] for row in rows(closed_database, TOLD)] == [None, True, False]


def test_who_is_erased_takes_their_predictions_along(closed_database: Database) -> None:
    asks(closed_database)
    asks(closed_database, person="ben")
    with closed_database.batch() as connection:
        erasure.erase(connection, "acme", "ana")
    assert len(rows(closed_database, TOLD)) == 1
    told = asks(closed_database, at=AT + HOUR)
    assert told["struggle_probability"] is None
