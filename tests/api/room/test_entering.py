"""Who may come into a live room over a long connection, from where, and how often."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tactful.kernel.clock import SetClock, SystemClock
from tests.api.conftest import bearer
from tests.api.room.conftest import Heard, Served
from tests.api.test_room import OLGA, ROOM, SERVICE, begin

ANA = bearer("ana")
PAGE = "https://learn.example.org"


@pytest.fixture
def changes() -> dict[str, Any]:
    """Pages of one other origin may come in; nobody comes in more than three times."""
    return {"api__origins": f"{PAGE}, https://other.example.org", "room__connections": 3}


async def refused(served: Served, who: dict[str, str] | None, **more: Any) -> int:
    """With which status somebody is kept out."""
    with pytest.raises(InvalidStatus) as error:
        async with served.hearing(who or {}, **more):
            pass
    return error.value.response.status_code


async def ticket(served: Served, who: dict[str, str], **body: Any) -> str:
    async with served.client() as client:
        told = await client.post(f"{ROOM}/ticket", json=body, headers=who)
        assert told.status_code == 200, told.text
        return str(told.json()["ticket"])


async def closed(heard: Heard) -> int:
    """With which code the other side ended the connection."""
    with pytest.raises(ConnectionClosed):
        async with asyncio.timeout(15):
            while True:
                await heard.socket.recv()
    return int(heard.socket.close_code or 0)


async def test_a_bad_token_another_organisation_and_an_ended_session_stay_out(served: Served) -> None:
    assert await refused(served, {"Authorization": "Bearer nonsense"}) == 401
    assert await refused(served, bearer("eve", org="zenith")) == 404
    assert await refused(served, ANA, session="nowhere") == 404
    async with served.client() as client:
        await begin(client, "short")
        await client.post(f"{ROOM.replace('keynote', 'short')}/end", headers=SERVICE)
        for path in ("short", "nowhere"):
            told = await client.get(f"{ROOM.replace('keynote', path)}/stream", headers=ANA)
            assert told.status_code == (409 if path == "short" else 404)
    assert await refused(served, ANA, session="short") == 409


async def test_who_is_kept_out_is_no_fault_of_ours(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    assert await refused(served, {"Authorization": "Bearer nonsense"}) == 401
    assert await refused(served, ANA, session="nowhere") == 404
    async with served.hearing(ANA) as ana:
        assert await ana.ask(type="ping") == {"ref": None}
    assert [each.getMessage() for each in caplog.records if each.levelname in ("WARNING", "ERROR")] == []


async def test_a_ticket_lets_a_browser_in_once(served: Served) -> None:
    one = await ticket(served, ANA)
    async with served.hearing(None, query=f"?ticket={one}") as heard:
        assert heard.told[0]["data"]["you"] == "ana"
    assert await refused(served, {}, query=f"?ticket={one}") == 401
    for_42 = await ticket(served, SERVICE, user_id=42)
    async with served.hearing(None, query=f"?ticket={for_42}") as heard:
        assert heard.told[0]["data"]["you"] == 42
        assert "error" not in await heard.ask(type="hand")
        assert (await heard.ask(type="hand", user_id=43))["error"] == "NotAllowed"
    for_olga = await ticket(served, OLGA)
    async with served.client() as client:
        async with client.stream("GET", f"{ROOM}/stream?ticket={for_olga}") as response:
            assert response.status_code == 200
        assert (await client.get(f"{ROOM}/stream?ticket={for_olga}")).status_code == 401
        assert (await client.get(f"{ROOM}/stream?ticket=guess")).status_code == 401
        assert (await client.get(f"{ROOM}/stream")).status_code == 401


async def test_a_ticket_is_for_one_room_and_for_nobody_else(served: Served) -> None:
    async with served.client() as client:
        await begin(client, "other")
        wrong = await client.post(f"{ROOM}/ticket", json={"user_id": 7}, headers=ANA)
        assert wrong.status_code == 403
        assert (await client.post(f"{ROOM}/ticket", json={"user_id": 7}, headers=OLGA)).status_code == 403
        assert (await client.post(f"{ROOM.replace('keynote', 'no')}/ticket", headers=ANA)).status_code == 404
    one = await ticket(served, ANA)
    assert await refused(served, {}, session="other", query=f"?ticket={one}") == 401


async def test_a_token_may_be_shown_in_the_first_message(served: Served) -> None:
    async with served.hearing(None) as heard:
        await heard.socket.send(json.dumps({"token": ANA["Authorization"].removeprefix("Bearer ")}))
        assert (await heard.next("welcome"))["data"]["you"] == "ana"
        assert "error" not in await heard.ask(type="hand")


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ('{"token": "nonsense"}', 4401),
        ('{"token": 7}', 4403),
        ('{"type": "hand"}', 4403),
        ("{", 4400),
        ("x" * 10_000, 4400),
    ],
)
async def test_whoever_shows_no_good_token_first_is_told_so_and_put_out(served: Served, first: str, code: int) -> None:
    async with served.hearing(None) as heard:
        await heard.socket.send(first)
        assert (await heard.next("error"))["data"]["error"] in ("NotSignedIn", "NotAllowed", "BadRequest")
        assert await closed(heard) == code


async def test_pages_of_other_origins_stay_out_whatever_they_show(served: Served) -> None:
    for origin in ("https://evil.example.org", "null", f"{PAGE}.evil.org"):
        assert await refused(served, ANA, origin=origin) == 403
        assert await refused(served, {}, origin=origin, query=f"?ticket={await ticket(served, ANA)}") == 403
        async with served.client() as client:
            told = await client.get(f"{ROOM}/stream", headers={**ANA, "Origin": origin})
            assert told.status_code == 403
    for origin in (PAGE, "https://other.example.org", served.url):
        async with served.hearing(ANA, origin=origin) as heard:
            assert heard.told[0]["type"] == "welcome"


async def test_one_participant_has_only_so_many_connections_and_others_have_theirs(served: Served) -> None:
    async with served.hearing(ANA), served.hearing(ANA), served.hearing(ANA):
        assert await refused(served, ANA) == 429
        async with served.hearing(bearer("ben")):
            pass
    async with served.hearing(ANA):
        pass


async def test_a_connection_lasts_no_longer_than_its_token(served: Served) -> None:
    async with served.hearing(ANA) as heard:
        served.engine.clock = SetClock(SystemClock().now() + timedelta(hours=2))
        assert await closed(heard) == 4401
