"""The seed's own examples for struggle, against the library and over HTTP."""

from datetime import timedelta

import httpx

from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.tried import tried


async def set_mastery_levels(engine: Engine, person: str, skills: list[str], level: float) -> None:
    """Twenty attempts at each skill, as many of them right as `level` says."""
    at = engine.clock.now() - timedelta(hours=1)
    scores = [0.0 if number % round(1 / (1 - level)) == 3 else 1.0 for number in range(20)]
    for number, skill in enumerate(skills):
        await engine.accept("acme", tried(person, scores, skill=skill, at=at + timedelta(minutes=20 * number)))


async def test_predict_struggle_high_prereq_mastery(engine: Engine) -> None:
    await set_mastery_levels(engine, "42", ["skill_1", "skill_2"], 0.9)
    told = await engine.struggle(
        "acme", "42", "test_lesson", kind="lesson", difficulty=0.5, prerequisites=["skill_1", "skill_2"]
    )
    assert told["struggle_probability"] < 0.3
    assert told["confidence"] > 0.7
    assert told["features"]["prereq_mastery"] > 0.8


async def test_struggle_prediction_endpoint(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/api/v1/predictive/struggle/predict",
        headers=bearer(),
        json={
            "content_metadata": {
                "content_id": "lesson_42",
                "type": "lesson",
                "difficulty_rating": 0.8,
                "prerequisites": ["skill_1"],
            }
        },
    )
    assert response.status_code == 200
    data = response.json()
    assert "struggle_probability" in data
    assert 0.0 <= data["struggle_probability"] <= 1.0
    assert "confidence" in data
    assert "features" in data


async def test_before_starting_a_lesson(engine: Engine) -> None:
    """Asked before somebody starts, help comes with its message, the chance and two actions."""
    await engine.accept("acme", tried("42", [0.0] * 9, skill="calc_integrals", at=engine.clock.now()))
    told = await engine.struggle(
        "acme",
        "42",
        "calc_adv_lesson_5",
        kind="lesson",
        difficulty=0.85,
        prerequisites=["calc_basic_derivatives", "calc_integrals"],
        similar=["calc_adv_lesson_3", "calc_adv_lesson_4"],
    )
    assert told["should_offer_help"]
    assert told["help_message"]
    assert told["struggle_probability"] > 0.5
    assert {action["type"] for action in told["actions"]} == {"review_prerequisites", "continue_anyway"}
    done = await engine.record_struggle("acme", "42", "calc_adv_lesson_5", struggled=True)
    assert (done["id"], done["actual_struggled"]) == (told["prediction_id"], True)
