"""What pages send as they are left, and what they kept while they were offline."""

import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tactful.bootstrap import Engine
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped
from tests.api.test_widget_tokens import of_a_page

UPDATE, BEATS = "/ambient/presence/update", "/ambient/presence/beats"
PLAIN = {"Content-Type": "text/plain;charset=UTF-8"}
PAGE = of_a_page()


def shown(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


async def told(engine: Engine, query: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(query)).fetchall()


async def beacon(client: httpx.AsyncClient, body: dict[str, Any], *, path: str = UPDATE) -> httpx.Response:
    return await client.post(path, content=json.dumps(body), headers=PLAIN)


@pytest.mark.parametrize("who", [PAGE, bearer()], ids=["widget", "person"])
async def test_a_page_shows_its_token_in_the_body(who: dict[str, str], client: httpx.AsyncClient) -> None:
    said = {"page": "lesson", "time_on_page": 12, "final": True, "token": shown(who)}
    for response in (await beacon(client, said), await client.post(UPDATE, json=said)):
        assert (response.status_code, response.json()) == (200, {"status": "ok"})


async def test_a_token_in_the_header_is_the_one_that_counts(client: httpx.AsyncClient, engine: Engine) -> None:
    said = {"page": "lesson", "token": "nonsense"}
    assert (await client.post(UPDATE, content=json.dumps(said), headers=PLAIN | of_a_page("7"))).status_code == 200
    assert [row["external_id"] for row in await told(engine, "SELECT external_id FROM people")] == ["7"]


@pytest.mark.parametrize("token", [None, "", "nonsense", 7, shown(bearer("backend", "service"))])
async def test_without_a_token_of_one_person_nobody_comes_in(token: Any, shared_client: httpx.AsyncClient) -> None:
    response = await beacon(shared_client, {"page": "lesson"} | ({} if token is None else {"token": token}))
    assert response.status_code == (403 if isinstance(token, str) and len(token) > 20 else 401)


@pytest.mark.parametrize("content", [b"", b"{broken", b"[" * 5000, b"\xff\xfe", b"7", b'{"token": {"a": 1}}'])
async def test_a_body_that_is_none_is_no_token(content: bytes, shared_client: httpx.AsyncClient) -> None:
    assert (await shared_client.post(UPDATE, content=content, headers=PLAIN)).status_code == 401


async def test_a_beacon_is_no_larger_than_browsers_send(shared_client: httpx.AsyncClient) -> None:
    response = await beacon(shared_client, {"page": "x" * 70_000, "token": shown(PAGE)})
    assert (response.status_code, shaped(response)["error"]) == (413, "TooLarge")


async def test_other_addresses_take_no_token_from_a_body(shared_client: httpx.AsyncClient) -> None:
    said = {"dnd_enabled": True, "token": shown(PAGE)}
    assert (await shared_client.put("/proactive/preferences", json=said)).status_code == 401
    plain = await shared_client.put("/proactive/preferences", content=b'{"dnd_enabled": true}', headers=PLAIN | PAGE)
    assert plain.status_code == 400


async def test_beats_that_were_kept_count_once_and_in_their_own_time(client: httpx.AsyncClient, engine: Engine) -> None:
    now = engine.clock.now()
    kept = [
        {"page": "lesson", "visit_id": "v1", "seq": seq, "time_on_page": seq * 10,
         "occurred_at": (now - timedelta(seconds=600 - seq * 10)).isoformat()}
        for seq in range(6)
    ]  # fmt: skip
    await client.post(UPDATE, json={"page": "now"}, headers=PAGE)
    for beats in (kept[3:], kept[::-1], kept):
        response = await client.post(BEATS, json={"beats": beats}, headers=PAGE)
        assert response.json() == {"stored": len(beats), "statuses": ["ok"] * len(beats)}
    [visit] = await told(engine, "SELECT seconds FROM visits WHERE visit_id = 'v1'")
    assert visit["seconds"] == pytest.approx(50)
    [state] = await told(engine, "SELECT current_page, last_seen_at FROM ambient_presence_states")
    assert state["current_page"] == "now"
    assert state["last_seen_at"] >= now


async def test_a_clock_that_is_wrong_is_set_right(client: httpx.AsyncClient, engine: Engine) -> None:
    now = engine.clock.now()
    wrong = now - timedelta(days=4000)
    beats = [{"page": "lesson", "occurred_at": (wrong - timedelta(minutes=5)).isoformat()}]
    said = {"beats": beats, "sent_at": wrong.isoformat(), "token": shown(PAGE)}
    assert (await beacon(client, said, path=BEATS)).json()["statuses"] == ["ok"]
    [state] = await told(engine, "SELECT last_seen_at FROM ambient_presence_states")
    assert abs(state["last_seen_at"] - (now - timedelta(minutes=5))) < timedelta(seconds=10)


async def test_what_is_too_old_is_said_and_not_stored(client: httpx.AsyncClient, engine: Engine) -> None:
    old, young = ((engine.clock.now() - timedelta(hours=hours)).isoformat() for hours in (25, 23))
    single = await client.post(UPDATE, json={"page": "x", "occurred_at": old}, headers=PAGE)
    assert single.json() == {"status": "too_old"}
    assert await told(engine, "SELECT * FROM people") == []
    beats = [{"page": "x", "occurred_at": at} for at in (old, young)]
    several = await client.post(BEATS, json={"beats": beats}, headers=PAGE)
    assert several.json() == {"stored": 1, "statuses": ["too_old", "ok"]}


@pytest.mark.parametrize(
    ("beat", "field"),
    [({}, "beats.1.page"), ({"page": "x", "occurred_at": "1969-01-01T00:00:00Z"}, "beats.1.occurred_at"),
     ({"page": "x", "occurred_at": "2999-01-01T00:00:00Z"}, "beats.1.occurred_at"),
     ({"page": "x", "seq": -1}, "beats.1.seq"), ({"page": "x", "token": "y"}, "beats.1.token"),
     ({"page": "x", "user_id": 43}, "beats.1.user_id")],
)  # fmt: skip
async def test_of_beats_that_do_not_all_fit_none_is_taken(
    beat: dict[str, Any], field: str, client: httpx.AsyncClient, engine: Engine
) -> None:
    response = await client.post(BEATS, json={"beats": [{"page": "fine"}, beat]}, headers=PAGE)
    assert response.status_code in (403, 422)
    assert shaped(response)["fields"] == [field]
    assert await told(engine, "SELECT * FROM people") == []


@pytest.mark.parametrize("count", [0, 501])
async def test_there_are_one_to_five_hundred(count: int, shared_client: httpx.AsyncClient) -> None:
    response = await shared_client.post(BEATS, json={"beats": [{"page": "x"}] * count}, headers=PAGE)
    assert response.status_code == 422


async def test_people_say_whether_they_are_followed(client: httpx.AsyncClient, engine: Engine) -> None:
    asked = await client.get("/proactive/consent", headers=PAGE)
    assert asked.json() == {"user_id": 42, "presence": None, "engagement": None, "outreach": None}
    no = await client.put("/proactive/consent", json={"presence": False}, headers=PAGE)
    assert no.json() == {"user_id": 42, "presence": False, "engagement": None, "outreach": None}
    assert (await client.post(UPDATE, json={"page": "x"}, headers=PAGE)).json() == {"status": "no_consent"}
    assert await told(engine, "SELECT 1 FROM ambient_presence_states UNION ALL SELECT 1 FROM visits") == []
    again = await client.put("/proactive/consent", json={"presence": None, "engagement": True}, headers=PAGE)
    assert again.json() == {"user_id": 42, "presence": None, "engagement": True, "outreach": None}
    assert (await client.post(UPDATE, json={"page": "x"}, headers=PAGE)).json() == {"status": "ok"}
    assert (await client.put("/proactive/consent", json={"sale": True}, headers=PAGE)).status_code == 422
