"""What somebody is losing, over HTTP: in the product's shape, of nobody else, and never older than the last answer."""

from datetime import timedelta

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.errors import BadInput
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped
from tests.lost import answered

REGRESSIONS = "/api/v1/predictive/regressions"
SERVICE = bearer("backend", "service")
FIELDS = {
    "regression_id": int, "skill_id": str, "skill_name": str, "peak_mastery": float, "current_mastery": float,
    "regression_amount": float, "days_since_practice": int, "last_practiced_at": str,
    "predicted_mastery_in_week": float, "urgency": str, "reminder_sent": bool, "detected_at": str,
}  # fmt: skip


async def learned(engine: Engine, person: str, *days: float) -> None:
    """Right answers so many days before now."""
    at = engine.clock.now() - timedelta(minutes=10)
    await engine.accept("acme", answered(person, [-each for each in days or (94, 91, 90)], at=at))


async def test_a_regression_is_told_in_the_products_shape(engine: Engine, client: httpx.AsyncClient) -> None:
    await learned(engine, "42")
    answer = await client.get(REGRESSIONS, headers=bearer())
    assert answer.status_code == 200
    (told,) = answer.json()
    assert {name: type(told[name]) for name in FIELDS} == FIELDS
    assert (told["skill_id"], told["days_since_practice"]) == ("algebra_factoring", 90)
    assert told["urgency"] in ("low", "medium", "high", "critical")
    assert told["predicted_mastery_in_week"] < told["current_mastery"] < told["peak_mastery"]
    assert told["reasons"][0].startswith("Not practised for 90 days")
    assert (told["reminder_sent"], told["user_reviewed"], told["is_active"]) == (False, False, True)
    assert (await client.get(REGRESSIONS, headers=bearer())).json()[0]["regression_id"] == told["regression_id"]
    (same,) = (await client.get(REGRESSIONS, params={"user_id": "42"}, headers=SERVICE)).json()
    assert same["regression_id"] == told["regression_id"]


async def test_practice_ends_it_without_anybody_waiting_for_a_pass(engine: Engine, client: httpx.AsyncClient) -> None:
    await learned(engine, "42")
    (before,) = (await client.get(REGRESSIONS, headers=bearer())).json()
    await learned(engine, "42", 0)
    assert (await client.get(REGRESSIONS, headers=bearer())).json() == []
    (after,) = (await client.get(REGRESSIONS, params={"active_only": "false"}, headers=bearer())).json()
    assert after["regression_id"] == before["regression_id"]
    assert (after["is_active"], after["user_reviewed"]) == (False, True)
    assert after["reviewed_at"]


async def test_nobody_sees_anybody_elses(engine: Engine, client: httpx.AsyncClient) -> None:
    await learned(engine, "42")
    await engine.carry_out("regressions")
    for stranger in (bearer("43"), bearer("42", org="umbrella")):
        assert (await client.get(REGRESSIONS, headers=stranger)).json() == []
    other = bearer("backend", "service", "umbrella")
    assert (await client.get(REGRESSIONS, params={"user_id": "42"}, headers=other)).json() == []
    refused = await client.get(REGRESSIONS, params={"user_id": "42"}, headers=bearer("43"))
    assert (refused.status_code, shaped(refused)["error"]) == (403, "NotAllowed")
    assert (await client.get(REGRESSIONS, headers=bearer("v", VIEWER))).status_code == 403
    assert (await client.get(REGRESSIONS)).status_code == 401


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"active_only": "perhaps"}, "active_only"),
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"user_id": ""}, "user_id"),
        ({"user_id": "a\x00b"}, "user_id"),
        ({"urgency": "high"}, "urgency"),
        ({}, "user_id"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_field(
    engine: Engine, client: httpx.AsyncClient, asked: dict[str, str], field: str
) -> None:
    await learned(engine, "42")
    refused = await client.get(REGRESSIONS, params=asked, headers=SERVICE)
    assert refused.status_code in (400, 422)
    assert shaped(refused)["fields"] == [field]
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM skill_regressions")).fetchone()
    assert row == {"n": 0}


async def test_in_process_what_cannot_be_is_refused_too(engine: Engine) -> None:
    with pytest.raises(BadInput, match="limit"):
        await engine.regressions("acme", "42", limit=501)
    with pytest.raises(BadInput, match="organisation"):
        await engine.regressions("", "42")
