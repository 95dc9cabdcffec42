"""Who may be about to leave, why somebody was or was not reached, and asking for a decision now."""

from datetime import timedelta
from typing import Any

import httpx

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.kernel.records import Event
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

AT_RISK = "/api/v1/people/at-risk"
SERVICE = bearer("backend", "service")


async def fell_silent(engine: Engine, *people: str, org: str = "acme") -> None:
    """People who came every day for three weeks and stopped ten days ago."""
    now = engine.clock.now()
    for person in people:
        days = [now - timedelta(days=10 + number) for number in range(21)]
        events = [Event(f"{person}-{number}", person, "visit", day) for number, day in enumerate(days)]
        await engine.events.submit([(org, event) for event in events])


async def pages(client: httpx.AsyncClient, limit: int) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        told = (await client.get(AT_RISK, params={"limit": limit, **after}, headers=SERVICE)).json()
        assert told["count"] == len(told["people"]) <= limit
        people += told["people"]
        if told["next"] is None:
            return people
        after = {"after": told["next"]}


async def test_people_at_risk_are_listed_page_by_page_with_reasons(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, *(str(number) for number in range(7)))
    await engine.tick(everybody=True)
    everybody = await pages(client, 500)
    assert {each["user_id"] for each in everybody} == set(range(7))
    assert all(each["reasons"] and each["risk_level"] in ("medium", "high", "critical") for each in everybody)
    scores = [each["risk_score"] for each in everybody]
    assert scores == sorted(scores, reverse=True)
    for limit in (1, 3, 7):
        assert await pages(client, limit) == everybody
    other = await client.get(AT_RISK, headers=bearer("v", VIEWER, "umbrella"))
    assert other.json() == {"count": 0, "people": [], "next": None}


async def test_ones_own_risk_comes_with_reasons_and_a_strategy(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    told = (await client.get("/api/v1/predictive/dropout/risk", headers=bearer())).json()
    assert told["risk_level"] in ("medium", "high", "critical")
    assert 0 < told["risk_score"] <= 1
    assert told["risk_factors"]
    assert told["reasons"]
    assert told["reengagement_strategy"]["urgency"] == told["risk_level"]
    first = told["reengagement_strategy"]["interventions"][0]
    assert set(first) == {"type", "title", "message", "action"}
    assert (told["longest_streak"], told["current_streak"], told["probability"]) == (21, 0, None)
    stranger = (await client.get("/api/v1/predictive/dropout/risk", headers=bearer(org="umbrella"))).json()
    assert stranger["risk_level"] == "unknown"


async def test_asking_decides_and_the_decision_is_explained(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    told = (await client.get("/proactive/interventions", params={"evaluate": "true"}, headers=bearer())).json()
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT id, result, chosen FROM decisions")).fetchone()
    assert row is not None
    decision = (await client.get(f"/api/v1/decisions/{row['id']}", headers=SERVICE)).json()
    assert (decision["id"], decision["user_id"], decision["stored"]) == (row["id"], 42, True)
    assert decision["words"]
    assert (decision["decision"]["result"], decision["decision"]["chosen"]) == (row["result"], row["chosen"])
    shown = [each["decision_id"] for each in told["interventions"]]
    assert shown == ([row["id"]] if row["result"] == "acted" else [])
    foreign = await client.get(f"/api/v1/decisions/{row['id']}", headers=bearer("b", "service", "umbrella"))
    assert (foreign.status_code, shaped(foreign)["error"]) == (404, "NotFound")


async def test_asking_about_somebody_unknown_finds_nothing(client: httpx.AsyncClient) -> None:
    told = await client.get("/proactive/interventions", params={"evaluate": "true"}, headers=bearer())
    assert told.json() == {"count": 0, "interventions": []}


async def test_a_silent_moment_is_explained_too(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "42")
    at = (engine.clock.now() - timedelta(days=12)).isoformat()
    told = (await client.get("/api/v1/people/42/explain", params={"at": at}, headers=SERVICE)).json()
    assert (told["user_id"], told["stored"]) == (42, False)
    assert told["words"]
    now = (await client.get("/api/v1/people/42/explain", headers=SERVICE)).json()
    assert now["decision"]["result"] in ("acted", "deferred", "silent", "shadow", "lost")
    unknown = await client.get("/api/v1/people/nobody/explain", headers=SERVICE)
    assert (unknown.status_code, shaped(unknown)["error"]) == (404, "NotFound")
