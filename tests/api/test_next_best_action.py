"""GET /api/v1/people/{id}/next-best-action: the decision of now, with all that could be done; and nothing happens."""

import httpx

from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_risk import fell_silent

SERVICE = bearer("backend", "service")
NEXT = "/api/v1/people/{}/next-best-action"


async def counted(engine: Engine) -> list[object]:
    async with engine.database.service() as connection:
        found = await connection.execute(
            "SELECT (SELECT count(*) FROM intervention_logs), (SELECT count(*) FROM decisions),"
            " (SELECT count(*) FROM ticks)"
        )
        return [tuple(row.values()) for row in await found.fetchall()]


async def test_it_is_ranked_with_reasons_and_nothing_is_written(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    before = await counted(engine)
    answer = await client.get(NEXT.format(42), headers=SERVICE)
    told = answer.json()
    assert (answer.status_code, told["user_id"]) == (200, 42)
    (best, *others) = told["actions"]
    assert told["next_best_action"] == best["kind"]
    assert best["chosen"]
    assert told["reasons"][0] == best["reason"]
    assert not any(each["chosen"] for each in others)
    assert "nothing" in [each["kind"] for each in told["actions"]]
    assert all(each["against"] for each in told["actions"] if not each["allowed"])
    assert told["policy"] == engine.rules.policy_name
    # Who leaves is told why.
    considered = [each["trigger"] for each in told["actions"] if each["trigger"]]
    assert considered
    assert await counted(engine) == before


async def test_of_whom_nothing_was_heard_nothing_is_best(engine: Engine, client: httpx.AsyncClient) -> None:
    await client.put("/api/v1/people/7", json={"name": "Ana"}, headers=SERVICE)
    told = (await client.get(NEXT.format(7), headers=SERVICE)).json()
    assert (told["next_best_action"], told["result"], len(told["actions"])) == ("nothing", "silent", 1)


async def test_nobody_else_may_ask_and_nobody_unknown_is_told_of(client: httpx.AsyncClient) -> None:
    assert (await client.get(NEXT.format("ghost"), headers=SERVICE)).status_code == 404
    assert (await client.get(NEXT.format(42), headers=bearer("42", "person"))).status_code == 403
    assert (await client.get(NEXT.format(42))).status_code == 401
