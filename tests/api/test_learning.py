"""What was learned and how true it has been: told to operators, and to nobody else."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.api.auth import VIEWER
from tactful.bootstrap import Engine
from tactful.decide.settings import QUIET_END, QUIET_START
from tactful.facts.chain import Chain
from tactful.kernel.errors import NotFound
from tactful.store.learned import versions
from tactful.store.settings import BELIEF_DAYS
from tests.api.conftest import bearer
from tests.api.test_risk import fell_silent

MODELS, MONITORING = "/api/v1/predictive/models", "/api/v1/predictive/monitoring"
SERVICE = bearer("backend", "service")


@pytest.fixture
def changes() -> dict[str, Any]:
    # At whatever hour the tests run.
    return {QUIET_START.name: "", QUIET_END.name: ""}


async def test_every_version_is_told_with_its_reason(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "1", "2", "3")
    assert (await client.get(MODELS, headers=SERVICE)).json() == {"count": 0, "versions": []}
    await engine.train(by="somebody")
    every = (await client.get(MODELS, headers=bearer("v", VIEWER))).json()["versions"]
    assert [row["capability"] for row in every] == ["dropout", "hours"]
    version = every[0]
    assert (version["version"], version["decided_by"], version["promoted_at"]) == (1, "somebody", None)
    assert "Too early" in version["reason"]
    (hours,) = (await client.get(MODELS, params={"capability": "hours"}, headers=SERVICE)).json()["versions"]
    assert hours == every[1]


async def test_one_capability_learns_alone(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "1", "2", "3")
    (told,) = await engine.train(by="somebody", capability="hours")
    every = (await client.get(MODELS, headers=SERVICE)).json()["versions"]
    assert [(row["capability"], row["version"]) for row in every] == [(told["capability"], 1)] == [("hours", 1)]
    with pytest.raises(NotFound, match="Nothing is learned about luck; choose from dropout, "):
        await engine.train(by="somebody", capability="luck")


async def test_beliefs_are_held_to_what_came(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "1", "2", "3")
    await engine.tick(daily=True)
    now = (await client.get(MONITORING, headers=SERVICE)).json()
    assert (now["beliefs"], now["settled"]) == (0, 0)
    # Whether they were reached is a matter of the hour: in quiet hours it waits.
    assert now["people"].pop("reached") in (0, 3)
    assert now["people"] == {"people": 3, "assessed": 3, "at_risk": 3, "returned": 0, "stayed_away": 0}
    assert now["warnings"] == []


async def test_nobody_looks_back_further_than_beliefs_are_kept(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "1")
    told = (await client.get(MONITORING, params={"days": 3650}, headers=SERVICE)).json()
    since, until = (datetime.fromisoformat(told[name]) for name in ("since", "until"))
    assert abs(until - since - timedelta(days=engine.settings[BELIEF_DAYS])) < timedelta(seconds=1)


async def test_nobody_is_unlike_those_of_a_version_that_never_served(engine: Engine, client: httpx.AsyncClient) -> None:
    await fell_silent(engine, "1")
    now = engine.clock.now()

    async def told(*, promoted: bool) -> dict[str, Any]:
        with engine.database.batch() as connection:
            decision = versions.Decision(now, promoted=promoted, by="test", reason="test")
            taught = versions.Taught(1, "dropout", now, now, 1, 1, "none")
            versions.record(connection, taught, Chain(), {"drift": {"events": 0.5}}, decision)
        answer: dict[str, Any] = (await client.get(MONITORING, headers=SERVICE)).json()
        return answer

    never = await told(promoted=False)
    assert (never["feature_drift"], never["warnings"]) == ({}, [])
    served = await told(promoted=True)
    assert served["feature_drift"] == {"events": 0.5}
    assert "no longer like" in served["warnings"][0]


@pytest.mark.parametrize(("asked", "field"), [({"capability": "weather"}, "capability"), ({"days": 0}, "days")])
async def test_what_cannot_be_asked_is_named(
    engine: Engine, client: httpx.AsyncClient, asked: dict[str, str], field: str
) -> None:
    await fell_silent(engine, "1")
    told = await client.get(MONITORING, params=asked, headers=SERVICE)
    assert told.status_code in (404, 422)
    assert told.json()["fields"] == [field]


@pytest.mark.parametrize("address", [MODELS, MONITORING])
async def test_it_is_for_operators(engine: Engine, client: httpx.AsyncClient, address: str) -> None:
    await fell_silent(engine, "1")
    assert (await client.get(address, headers=bearer("1"))).status_code == 403
    assert (await client.get(address)).status_code == 401
