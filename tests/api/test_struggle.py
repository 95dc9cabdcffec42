"""Struggle over HTTP: the product's shape, help and its answer, outcomes, and nobody else's."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.store.described.people import Person
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped
from tests.tried import tried

PREDICT, RECORD, RESPONSE = (
    f"/api/v1/predictive/struggle/{name}" for name in ("predict", "record-outcome", "response")
)
SERVICE = bearer("backend", "service")
CONTENT = {
    "content_id": "lesson_42",
    "type": "lesson",
    "difficulty_rating": 0.8,
    "prerequisites": ["skill_1", "skill_2"],
    "similar_topics": ["topic_a", "topic_b"],
}
FEATURES = {
    "prereq_mastery", "similar_performance", "content_difficulty", "recency", "cognitive_load", "sentiment",
}  # fmt: skip


async def tries(engine: Engine, scores: list[float], person: str = "42", **more: Any) -> None:
    await engine.accept("acme", tried(person, scores, at=engine.clock.now() - timedelta(minutes=5), **more))


async def ask(client: httpx.AsyncClient, who: dict[str, str], **content: Any) -> dict[str, Any]:
    answer = await client.post(PREDICT, json={"content_metadata": CONTENT | content}, headers=who)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def stored(engine: Engine) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute("SELECT * FROM struggle_predictions ORDER BY id")).fetchall()


async def known(engine: Engine) -> list[tuple[str, str | None]]:
    """Organisations and the people in them."""
    async with engine.database.service() as connection:
        query = """SELECT o.name, p.external_id FROM organisations o LEFT JOIN people p ON p.organisation_id = o.id
                    ORDER BY o.id, p.id"""
        return [(row["name"], row["external_id"]) for row in await (await connection.execute(query)).fetchall()]


async def test_a_question_is_answered_in_the_products_shape(engine: Engine, client: httpx.AsyncClient) -> None:
    await tries(engine, [0.0] * 8)
    told = await ask(client, bearer())
    assert 0.5 < told["struggle_probability"] <= 1
    assert 0.3 < told["confidence"] <= 1
    assert told["should_offer_help"] is True
    assert told["help_message"]
    assert [action["type"] for action in told["actions"]] == ["review_prerequisites", "continue_anyway"]
    assert set(told["features"]) == FEATURES == set(told["contributions"])
    assert isinstance(told["prediction_id"], int)
    assert len(told["reasons"]) == sum(value is not None for value in told["features"].values())
    service = await client.post(PREDICT, json={"content_metadata": CONTENT, "user_id": 42}, headers=SERVICE)
    same = {name: service.json()[name] for name in ("confidence", "help_message", "should_offer_help")}
    assert same == {name: told[name] for name in same}


async def test_it_knows_every_attempt_that_was_counted(engine: Engine, client: httpx.AsyncClient) -> None:
    await tries(engine, [1.0] * 9, skill="skill_1")
    before = await ask(client, bearer(), prerequisites=["skill_1"])
    await tries(engine, [0.0] * 9, skill="skill_1", name="later")
    after = await ask(client, bearer(), prerequisites=["skill_1"])
    assert before["struggle_probability"] < 0.5 < after["struggle_probability"]


async def test_nothing_is_guessed_where_nothing_is_known(client: httpx.AsyncClient) -> None:
    answer = await client.post(PREDICT, json={"content_metadata": {"content_id": "lesson_42"}}, headers=bearer())
    told = answer.json()
    assert (told["struggle_probability"], told["confidence"], told["should_offer_help"]) == (None, 0, False)
    unknown = await ask(client, bearer("43"), difficulty_rating=None, prerequisites=["who knows"], similar_topics=["?"])
    assert unknown["struggle_probability"] is None


async def test_who_was_only_asked_about_is_not_counted_among_the_people(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    async def people() -> int:
        answer = await client.get("/api/v1/predictive/monitoring", headers=bearer("v", VIEWER))
        counted: int = answer.json()["people"]["people"]
        return counted

    await tries(engine, [1.0], person="ana")
    await engine.describe("acme", [Person("ben", name="Ben")])
    for person in ("42", "ana", "ben"):
        await ask(client, bearer(person))
    assert await people() == 2
    await tries(engine, [1.0])
    assert await people() == 3


async def test_an_outcome_is_recorded_once(engine: Engine, client: httpx.AsyncClient) -> None:
    first, last = await ask(client, bearer()), await ask(client, bearer())
    body = {"content_id": "lesson_42", "struggled": True, "completion_time_seconds": 3600, "gave_up": False}
    told = (await client.post(RECORD, json=body, headers=bearer())).json()
    assert (told["success"], told["message"]) == (True, "Outcome recorded successfully")
    assert (told["prediction_id"], told["struggled"]) == (last["prediction_id"], True)
    before = await stored(engine)
    assert [row["actual_struggled"] for row in before] == [None, True]
    assert before[0]["id"] == first["prediction_id"]
    assert (before[1]["completion_time_seconds"], before[1]["gave_up"]) == (3600, False)
    assert (before[1]["outcome_from"], before[1]["actual_outcome_at"] is None) == ("told", False)
    again = [client.post(RECORD, json=body | {"struggled": False}, headers=bearer()) for _ in range(1000)]
    for start in range(0, 1000, 50):
        for answer in await asyncio.gather(*again[start : start + 50]):
            if answer.status_code != 429:
                assert answer.json()["message"] == "An outcome was recorded before; it stands"
                assert answer.json()["struggled"] is True
    assert await stored(engine) == before


async def test_an_attempt_closes_a_prediction_and_what_is_told_corrects_it(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    told = await ask(client, bearer())
    await engine.accept("acme", tried("42", [0.2], content="lesson_42", at=engine.clock.now() + timedelta(minutes=2)))
    (row,) = await stored(engine)
    assert (row["actual_struggled"], row["outcome_from"], row["gave_up"]) == (True, "event", None)
    body = {"content_id": "lesson_42", "struggled": False, "gave_up": False}
    assert (await client.post(RECORD, json=body, headers=bearer())).json()["prediction_id"] == told["prediction_id"]
    (after,) = await stored(engine)
    assert (after["actual_struggled"], after["outcome_from"]) == (False, "told")
    assert after["actual_outcome_at"] == row["actual_outcome_at"]


async def test_help_is_taken_or_not_once(engine: Engine, client: httpx.AsyncClient) -> None:
    await tries(engine, [0.0] * 8)
    told = await ask(client, bearer())
    body = {"prediction_id": told["prediction_id"], "action": "review_prerequisites"}
    first = (await client.post(RESPONSE, json=body, headers=bearer())).json()
    assert (first["status"], first["accepted"]) == ("recorded", True)
    again = (await client.post(RESPONSE, json=body | {"action": "continue_anyway"}, headers=bearer())).json()
    assert again == first | {"status": "already_recorded"}
    (row,) = await stored(engine)
    assert (row["intervention_offered"], row["intervention_accepted"]) == (True, True)
    other = await ask(client, bearer())
    refused = {"prediction_id": other["prediction_id"], "action": "continue_anyway", "user_id": 42}
    assert (await client.post(RESPONSE, json=refused, headers=SERVICE)).json()["accepted"] is False


async def test_where_no_help_was_offered_there_is_nothing_to_choose(client: httpx.AsyncClient) -> None:
    told = await ask(client, bearer())
    assert not told["should_offer_help"]
    body = {"prediction_id": told["prediction_id"], "action": "continue_anyway"}
    refused = await client.post(RESPONSE, json=body, headers=bearer())
    assert (refused.status_code, shaped(refused)["error"]) == (409, "Conflict")


async def test_what_was_never_asked_or_is_anothers_is_not_found(engine: Engine, client: httpx.AsyncClient) -> None:
    await tries(engine, [0.0] * 8)
    told = await ask(client, bearer())
    before = await stored(engine)
    outcome = {"content_id": "lesson_42", "struggled": True}
    choice = {"prediction_id": told["prediction_id"], "action": "continue_anyway"}
    await tries(engine, [1.0], person="44")
    strangers = [(bearer("43"), False), (bearer("42", org="umbrella"), False), (bearer("nobody"), False)]
    for stranger, known in (*strangers, (bearer("44"), True)):
        for path, body, field in ((RECORD, outcome, "content_id"), (RESPONSE, choice, "prediction_id")):
            refused = await client.post(path, json=body, headers=stranger)
            assert (refused.status_code, shaped(refused)["fields"]) == (404, [field if known else "user_id"])
    never = await client.post(RECORD, json=outcome | {"content_id": "lesson_43"}, headers=bearer())
    assert never.status_code == 404
    for path, body in ((PREDICT, {"content_metadata": CONTENT}), (RECORD, outcome), (RESPONSE, choice)):
        refused = await client.post(path, json=body | {"user_id": 42}, headers=bearer("43"))
        assert (refused.status_code, shaped(refused)["fields"]) == (403, ["user_id"])
        assert (await client.post(path, json=body, headers=bearer("v", VIEWER))).status_code == 403
        nameless = await client.post(path, json=body, headers=SERVICE)
        assert (nameless.status_code, shaped(nameless)["fields"]) == (422, ["user_id"])
    assert await stored(engine) == before


@pytest.mark.parametrize(
    ("path", "wrong", "field"),
    [
        (PREDICT, {"difficulty_rating": 1.01}, "content_metadata.difficulty_rating"),
        (PREDICT, {"difficulty_rating": -0.01}, "content_metadata.difficulty_rating"),
        (PREDICT, {"difficulty_rating": "hard"}, "content_metadata.difficulty_rating"),
        (PREDICT, {"difficulty_rating": True}, "content_metadata.difficulty_rating"),
        (PREDICT, {"content_id": ""}, "content_metadata.content_id"),
        (PREDICT, {"content_id": "a\x00b"}, "content_metadata.content_id"),
        (PREDICT, {"content_id": None}, "content_metadata.content_id"),
        (PREDICT, {"type": "A quiz"}, "content_metadata.type"),
        (PREDICT, {"prerequisites": ["skill_1", ""]}, "content_metadata.prerequisites.1"),
        (PREDICT, {"prerequisites": "skill_1"}, "content_metadata.prerequisites"),
        (PREDICT, {"prerequisites": ["x"] * 101}, "content_metadata.prerequisites"),
        (PREDICT, {"prerequisites": ["skill_1", "lesson_42"]}, "content_metadata.prerequisites"),
        (PREDICT, {"prerequisites": ["lesson_41"]}, "content_metadata.prerequisites"),
        (PREDICT, {"similar_topics": [1]}, "content_metadata.similar_topics.0"),
        (PREDICT, {"strange": 1}, "content_metadata.strange"),
        (RECORD, {"struggled": "yes"}, "struggled"),
        (RECORD, {"struggled": None}, "struggled"),
        (RECORD, {"gave_up": 1}, "gave_up"),
        (RECORD, {"completion_time_seconds": -1}, "completion_time_seconds"),
        (RECORD, {"completion_time_seconds": 1e9}, "completion_time_seconds"),
        (RECORD, {"content_id": "x" * 256}, "content_id"),
        (RESPONSE, {"action": "perhaps"}, "action"),
        (RESPONSE, {"prediction_id": 0}, "prediction_id"),
        (RESPONSE, {"prediction_id": "1"}, "prediction_id"),
    ],
)
async def test_what_cannot_be_names_its_field_and_changes_nothing(
    engine: Engine, client: httpx.AsyncClient, path: str, wrong: dict[str, Any], field: str
) -> None:
    await client.put(
        "/api/v1/organisations/acme", json={}, headers=SERVICE
    )  # fmt: skip
    described = {"prerequisites": ["lesson_42"]}
    assert (await client.put("/api/v1/catalogue/content/lesson_41", json=described, headers=SERVICE)).status_code == 200
    bodies: dict[str, dict[str, Any]] = {
        RECORD: {"content_id": "lesson_42", "struggled": True, **wrong},
        RESPONSE: {"prediction_id": 1, "action": "continue_anyway", **wrong},
    }
    body = bodies.get(path, {"content_metadata": {**CONTENT, **wrong}})
    before = await known(engine)
    refused = await client.post(path, json=body, headers=bearer())
    assert refused.status_code == 422
    assert shaped(refused)["fields"] == [field]
    assert (await stored(engine), await known(engine)) == ([], before)


async def test_a_circle_brings_nobody_into_being(engine: Engine, client: httpx.AsyncClient) -> None:
    await tries(engine, [1.0])
    before = await known(engine)
    with pytest.raises(BadInput, match="before itself"):
        await engine.struggle("nowhere", "ghost", "lesson_42", prerequisites=("lesson_42",))
    assert await known(engine) == before
    circle = {"content_metadata": CONTENT | {"prerequisites": ["lesson_42"]}}
    right, wrong = await asyncio.gather(
        client.post(PREDICT, json={"content_metadata": CONTENT}, headers=bearer("43")),
        client.post(PREDICT, json=circle, headers=bearer("ghost")),
    )
    assert (right.status_code, wrong.status_code) == (200, 422)
    assert await known(engine) == [*before, ("acme", "43")]


async def test_one_circle_harms_nobody_who_asks_with_it(engine: Engine, client: httpx.AsyncClient) -> None:
    asked = [CONTENT | {"prerequisites": ["lesson_42"] if number % 3 == 0 else []} for number in range(12)]
    answers = await asyncio.gather(
        *(client.post(PREDICT, json={"content_metadata": each}, headers=bearer()) for each in asked)
    )
    assert [answer.status_code for answer in answers] == [422 if number % 3 == 0 else 200 for number in range(12)]
    assert len({row["id"] for row in await stored(engine)}) == 8
