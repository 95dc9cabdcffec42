"""Stop reaching people at once, and go on."""

from typing import Any

import httpx
import pytest

from tactful.api.auth import ORGANISER, PERSON, SERVICE, VIEWER
from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

PATH = "/api/v1/pauses"
ALL = {"scope": "organisation"}
ORGANISER_OF_ACME = {"sub": "olga", "scope": ORGANISER}


async def standing(client: httpx.AsyncClient, **who: str) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = (await client.get(PATH, headers=bearer(**(who or ORGANISER_OF_ACME)))).json()["pauses"]
    return told


async def test_a_pause_stands_until_it_is_ended_and_both_are_audited(engine: Engine, client: httpx.AsyncClient) -> None:
    headers = bearer(**ORGANISER_OF_ACME)
    body = {"scope": "kind", "name": "streak_preservation", "mode": "shadow", "reason": "trying it"}
    made = (await client.post(PATH, json=body, headers=headers)).json()
    assert {**body, "actor": "operator:organiser olga"}.items() <= made.items()
    assert await standing(client) == [made]
    assert await standing(client, sub="v", scope=VIEWER) == [made]
    assert await standing(client, sub="v", scope=VIEWER, org="umbrella") == []
    where = {"scope": "kind", "name": "streak_preservation", "mode": "shadow"}
    assert (await client.delete(PATH, params=where, headers=headers)).json() == {**where, "ended": True}
    assert await standing(client) == []
    assert (await client.delete(PATH, params=where, headers=headers)).status_code == 404
    async with engine.database.service() as connection:
        acts = await (await connection.execute("SELECT actor, act FROM audit_log ORDER BY id")).fetchall()
    actor = "operator:organiser olga"
    assert acts == [{"actor": actor, "act": "shadow"}, {"actor": actor, "act": "end shadow"}]


async def test_pausing_twice_is_one_pause(client: httpx.AsyncClient) -> None:
    headers = bearer(**ORGANISER_OF_ACME)
    made = [(await client.post(PATH, json=ALL, headers=headers)).json() for _ in range(2)]
    assert made[0] == made[1]
    assert len(await standing(client)) == 1


@pytest.mark.parametrize("scope", [SERVICE, VIEWER, PERSON])
async def test_only_organisers_and_admins_may_stop_or_start(scope: str, client: httpx.AsyncClient) -> None:
    headers = bearer("x", scope)
    assert (await client.post(PATH, json=ALL, headers=headers)).status_code == 403
    assert (await client.delete(PATH, params=ALL, headers=headers)).status_code == 403
    assert await standing(client) == []


async def test_the_end_of_a_pause_names_what_goes_on(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=ALL, headers=bearer(**ORGANISER_OF_ACME))
    told = await client.delete(PATH, headers=bearer(**ORGANISER_OF_ACME))
    assert shaped(told)["fields"] == ["scope"]
    assert len(await standing(client)) == 1


async def test_one_organisation_cannot_end_the_pause_of_another(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=ALL, headers=bearer(**ORGANISER_OF_ACME))
    gone = await client.delete(PATH, params=ALL, headers=bearer("x", ORGANISER, "umbrella"))
    assert gone.status_code == 404
    assert len(await standing(client)) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "scope"),
        ({"scope": "planet"}, "scope"),
        ({"scope": "kind"}, "name"),
        ({"scope": "kind", "name": "nonsense"}, "name"),
        ({"scope": "channel", "name": "pigeon"}, "name"),
        ({"scope": "organisation", "name": "acme"}, "name"),
        ({**ALL, "mode": "stop"}, "mode"),
        ({**ALL, "reason": "x" * 256}, "reason"),
        ({**ALL, "reason": 1}, "reason"),
    ],
)
async def test_a_pause_that_does_not_fit_names_its_field(
    body: dict[str, Any], field: str, client: httpx.AsyncClient
) -> None:
    told = await client.post(PATH, json=body, headers=bearer(**ORGANISER_OF_ACME))
    assert told.status_code == 422
    assert field in shaped(told)["fields"]
