"""Where somebody is stuck, over HTTP: in the product's shape, of nobody else, and never older than the last attempt."""

from datetime import timedelta

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tactful.kernel.records import Event
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

PLATEAUS = "/api/v1/predictive/plateaus"
SERVICE = bearer("backend", "service")
FIELDS = {
    "plateau_id": int, "topic": str, "skill_id": str, "days_on_topic": int, "attempts": int, "mastery_level": float,
    "mastery_improvement": float, "is_active": bool, "intervention_suggested": str, "detected_at": str,
}  # fmt: skip


async def tried(engine: Engine, person: str, score: float = 0.55, *, days: range = range(8, 0, -1)) -> None:
    """Two attempts on each of the days before now."""
    now, topic = engine.clock.now(), "Calculus - Derivatives"
    told = [
        Event(f"{person}-{day}-{number}-{score}", person, "answer", now - timedelta(days=day, minutes=-number), None,
              "calc_derivatives", topic, {"score": score})
        for day in days for number in range(2)
    ]  # fmt: skip
    await engine.accept("acme", told)


async def test_a_plateau_is_told_in_the_products_shape(engine: Engine, client: httpx.AsyncClient) -> None:
    await tried(engine, "42")
    answer = await client.get(PLATEAUS, params={"active_only": "true"}, headers=bearer())
    assert answer.status_code == 200
    (told,) = answer.json()
    assert {name: type(told[name]) for name in FIELDS} == FIELDS
    assert (told["topic"], told["skill_id"]) == ("Calculus - Derivatives", "calc_derivatives")
    assert (told["days_on_topic"], told["attempts"], told["is_active"]) == (8, 16, True)
    assert told["mastery_level"] == pytest.approx(0.55, abs=0.01)
    assert abs(told["mastery_improvement"]) < 0.05
    assert "8 days on the topic." in told["reasons"]
    assert (await client.get(PLATEAUS, headers=bearer())).json() == [told]
    assert (await client.get(PLATEAUS, params={"user_id": "42"}, headers=SERVICE)).json() == [told]


async def test_progress_ends_it_without_anybody_waiting_for_a_pass(engine: Engine, client: httpx.AsyncClient) -> None:
    await tried(engine, "42", days=range(16, 7, -1))
    (before,) = (await client.get(PLATEAUS, headers=bearer())).json()
    await tried(engine, "42", 1.0, days=range(6, 0, -1))
    assert (await client.get(PLATEAUS, headers=bearer())).json() == []
    (after,) = (await client.get(PLATEAUS, params={"active_only": "false"}, headers=bearer())).json()
    assert after["plateau_id"] == before["plateau_id"]
    assert (after["is_active"], after["resolved"]) == (False, True)
    assert after["resolved_at"]


async def test_nobody_sees_anybody_elses(engine: Engine, client: httpx.AsyncClient) -> None:
    await tried(engine, "42")
    await engine.carry_out("plateaus")
    for stranger in (bearer("43"), bearer("42", org="umbrella")):
        assert (await client.get(PLATEAUS, headers=stranger)).json() == []
    other = bearer("backend", "service", "umbrella")
    assert (await client.get(PLATEAUS, params={"user_id": "42"}, headers=other)).json() == []
    refused = await client.get(PLATEAUS, params={"user_id": "42"}, headers=bearer("43"))
    assert (refused.status_code, shaped(refused)["error"]) == (403, "NotAllowed")
    assert (await client.get(PLATEAUS, headers=bearer("v", VIEWER))).status_code == 403
    assert (await client.get(PLATEAUS)).status_code == 401


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"active_only": "perhaps"}, "active_only"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "a\x00b"}, "user_id"),
        ({"skill": "x"}, "skill"),
        ({}, "user_id"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    engine: Engine, client: httpx.AsyncClient, asked: dict[str, str], field: str
) -> None:
    await tried(engine, "42")
    refused = await client.get(PLATEAUS, params=asked, headers=SERVICE)
    assert refused.status_code == 422 or refused.status_code == 400
    assert shaped(refused)["fields"] == [field]
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM learning_plateaus")).fetchone()
    assert row == {"n": 0}


async def test_in_process_what_cannot_be_is_refused_too(engine: Engine) -> None:
    with pytest.raises(BadInput, match="limit"):
        await engine.plateaus("acme", "42", limit=0)
    with pytest.raises(BadInput, match="known are patterns, plateaus, regressions, timing"):
        await engine.carry_out("everything")
    for hours in (-5, 5):
        with pytest.raises(BadInput, match="about now"):
            await engine.carry_out("plateaus", engine.clock.now() + timedelta(hours=hours))
    assert await engine.passes() == []
