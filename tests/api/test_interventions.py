"""Interventions a person may see, and what they answer."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.store.sensed import resolve
from tactful.store.steps import run_async
from tests.api.conftest import bearer, calling
from tests.api.test_shapes import shaped

PATH = "/proactive/interventions"
HOUR = timedelta(hours=1)

INSERT = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state,
                               triggered_at, due_at, expires_at)
VALUES (%(person)s, %(organisation)s, %(kind)s, %(priority)s, 'test', %(state)s,
        %(at)s, %(due)s, %(expires)s) RETURNING id
"""


async def planned(engine: Engine, person: str = "42", org: str = "acme", **changes: Any) -> int:
    """An intervention as a tick would have planned it a minute ago."""
    at = engine.clock.now() - timedelta(minutes=1)
    seen = Event(id="first", person=person, kind="visit", occurred_at=at)
    await engine.events.submit([(org, seen)])
    async with engine.database.service() as connection:
        known = (await run_async(connection, resolve.people({(org, person): None})))[(org, person)]
        values = {
            "person": known.id,
            "organisation": known.organisation_id,
            "kind": "morning_ritual",
            "priority": 5,
            "state": "planned",
            "at": at,
            "due": at,
            "expires": at + 3 * HOUR,
        }
        row = await (await connection.execute(INSERT, values | changes)).fetchone()
    assert row is not None
    return int(row["id"])


async def listed(client: httpx.AsyncClient, **who: str) -> list[dict[str, Any]]:
    told = (await client.get(PATH, headers=bearer(**who))).json()
    assert told["count"] == len(told["interventions"])
    interventions: list[dict[str, Any]] = told["interventions"]
    return interventions


async def answered(client: httpx.AsyncClient, number: int, response: str, **who: str) -> httpx.Response:
    body = {"intervention_log_id": number, "user_response": response}
    return await client.post(f"{PATH}/response", json=body, headers=bearer(**who))


async def test_what_is_due_is_listed_and_marked_as_shown_once(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine)
    [first] = await listed(client)
    assert (first["id"], first["intervention_log_id"], first["intervention_type"]) == (number, number, "morning_ritual")
    assert (first["priority"], first["snoozed"]) == (5, False)
    assert all(first[part] for part in ("title", "message", "action"))
    [second] = await listed(client)
    assert second == first


async def test_the_most_important_comes_first(engine: Engine, client: httpx.AsyncClient) -> None:
    low = await planned(engine, priority=3)
    high = await planned(engine, kind="gentle_nudge", priority=8)
    assert [each["id"] for each in await listed(client)] == [high, low]


@pytest.mark.parametrize("state", ["deferred", "withdrawn", "shadow", "expired", "answered"])
async def test_what_is_not_to_be_seen_is_not_listed(state: str, engine: Engine, client: httpx.AsyncClient) -> None:
    await planned(engine, state=state)
    assert await listed(client) == []


async def test_neither_early_nor_late(engine: Engine, client: httpx.AsyncClient) -> None:
    now = SystemClock().now()
    await planned(engine, due=now + HOUR)
    await planned(engine, kind="gentle_nudge", expires=now - timedelta(seconds=1))
    assert await listed(client) == []


async def test_what_the_person_has_since_switched_off_is_not_listed(engine: Engine, client: httpx.AsyncClient) -> None:
    await planned(engine)
    for off, on in (
        ({"dnd_enabled": True}, {"dnd_enabled": False}),
        ({"disabled_intervention_types": ["morning_ritual"]}, {"disabled_intervention_types": []}),
        ({"disabled_channels": ["in_app"]}, {"disabled_channels": []}),
    ):
        await client.put("/proactive/preferences", json=off, headers=bearer())
        assert await listed(client) == []
        await client.put("/proactive/preferences", json=on, headers=bearer())
    assert len(await listed(client)) == 1


async def test_an_answer_takes_it_off_the_list(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine)
    told = (await answered(client, number, "engaged")).json()
    assert (told["status"], told["intervention_log_id"], told["user_response"]) == ("recorded", number, "engaged")
    assert await listed(client) == []


async def test_what_was_answered_before_it_was_handed_over_is_not_sent_any_more(
    engine: Engine, client: httpx.AsyncClient
) -> None:
    number = await planned(engine)
    async with engine.database.service() as connection:
        await connection.execute(
            """INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at)
               SELECT organization_id, user_id, id, channel, due_at, expires_at FROM intervention_logs"""
        )
    assert (await answered(client, number, "dismissed")).json()["status"] == "recorded"
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT state, sent_at FROM deliveries")).fetchone()
    assert row == {"state": "withdrawn", "sent_at": None}


async def test_answering_twice_is_one_answer(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine)
    first = await answered(client, number, "engaged")
    stands = {**first.json(), "status": "already_recorded"}
    assert first.json()["status"] == "recorded"
    for again in ("engaged", "dismissed", "snoozed"):
        assert (await answered(client, number, again)).json() == stands


async def woken(engine: Engine, number: int, at: datetime) -> None:
    async with engine.database.service() as connection:
        await connection.execute("UPDATE intervention_logs SET due_at = %s WHERE id = %s", (at, number))


async def test_a_snoozed_one_comes_back_later(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine, expires=engine.clock.now() + timedelta(minutes=5))
    [before] = await listed(client)
    told = (await answered(client, number, "snoozed")).json()
    back = datetime.fromisoformat(told["comes_back_at"])
    assert back - datetime.fromisoformat(told["responded_at"]) == HOUR
    again = (await answered(client, number, "snoozed")).json()
    assert again == {**told, "status": "already_recorded"}, "twice is once"
    assert await listed(client) == []
    await woken(engine, number, engine.clock.now())
    [after] = await listed(client)
    assert (after["id"], after["snoozed"], after["shown_at"]) == (number, True, before["shown_at"])
    assert datetime.fromisoformat(after["expires_at"]) >= back
    final = (await answered(client, number, "engaged")).json()
    assert (final["user_response"], final["comes_back_at"]) == ("engaged", None)
    assert await listed(client) == []


async def test_a_snoozed_one_may_still_be_answered_at_once(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine)
    await answered(client, number, "snoozed")
    assert (await answered(client, number, "dismissed")).json()["user_response"] == "dismissed"


async def test_a_snoozed_one_gives_way_to_a_newer_one_of_its_kind(engine: Engine, client: httpx.AsyncClient) -> None:
    older = await planned(engine)
    await listed(client)
    newer = await planned(engine)
    told = (await answered(client, older, "snoozed")).json()
    assert (told["user_response"], told["comes_back_at"]) == ("snoozed", None)
    assert [each["id"] for each in await listed(client)] == [newer]


async def test_only_ones_own_can_be_seen_or_answered(engine: Engine, client: httpx.AsyncClient) -> None:
    number = await planned(engine)
    for stranger in ({"sub": "43"}, {"org": "umbrella"}, {"sub": "43", "scope": "service", "org": "umbrella"}):
        if "scope" not in stranger:
            assert await listed(client, **stranger) == []
        told = await answered(client, number, "engaged", **stranger)
        assert told.status_code in (404, 422)
        assert shaped(told)["detail"]
    foreign = {"intervention_log_id": number, "user_response": "engaged", "user_id": 42}
    service = bearer("backend", "service", org="umbrella")
    assert (await client.post(f"{PATH}/response", json=foreign, headers=service)).status_code == 404
    own = bearer("backend", "service")
    assert (await client.post(f"{PATH}/response", json=foreign, headers=own)).json()["user_response"] == "engaged"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "intervention_log_id"),
        ({"intervention_log_id": "1", "user_response": "engaged"}, "intervention_log_id"),
        ({"intervention_log_id": 0, "user_response": "engaged"}, "intervention_log_id"),
        ({"intervention_log_id": 2**70, "user_response": "engaged"}, "intervention_log_id"),
        ({"intervention_log_id": 1, "user_response": "loved"}, "user_response"),
        ({"intervention_log_id": 1, "user_response": None}, "user_response"),
        ({"intervention_log_id": 1, "user_response": "engaged", "also": 1}, "also"),
    ],
)
async def test_an_answer_that_does_not_fit_names_its_field(
    body: dict[str, Any], field: str, client: httpx.AsyncClient
) -> None:
    told = await client.post(f"{PATH}/response", json=body, headers=bearer())
    assert told.status_code == 422
    assert field in shaped(told)["fields"]


async def test_many_devices_asking_at_once_show_it_once(engine: Engine, client: httpx.AsyncClient) -> None:
    await planned(engine)
    lists = await asyncio.gather(*(listed(client) for _ in range(20)))
    assert [len(each) for each in lists] == [1] * 20
    assert len({each["shown_at"] for [each] in lists}) == 1
    async with engine.database.service() as connection:
        told = await (await connection.execute("SELECT state, shown_at FROM intervention_logs")).fetchall()
        [sent] = await (
            await connection.execute("SELECT count(*) AS n FROM deliveries WHERE state = 'sent'")
        ).fetchall()
    assert [row["state"] for row in told] == ["shown"]
    assert len(sent) <= 1


async def test_two_servers_asked_at_once_show_it_once(engine: Engine, client: httpx.AsyncClient) -> None:
    await planned(engine)
    async with Engine(engine.settings) as second, calling(create_app(second)) as other:
        lists = await asyncio.gather(*(listed(each) for _ in range(10) for each in (client, other)))
    assert [len(each) for each in lists] == [1] * 20
    assert len({(each["shown_at"], each["title"], each["message"]) for [each] in lists}) == 1
