"""Live rooms on somebody's page: a widget's token takes part, and its stream goes on where it broke off."""

import asyncio
import time

import httpx

from tests.api.room.conftest import Served
from tests.api.room.test_hearing import opened, stream
from tests.api.test_room import ROOM
from tests.api.test_widget_tokens import minted, of_a_page

PAGE = of_a_page("ana")


async def test_a_page_hears_the_room_and_goes_on_where_it_broke_off(served: Served, office: httpx.AsyncClient) -> None:
    async with asyncio.timeout(20):
        events = stream(served, PAGE)
        assert (await anext(events))["type"] == "welcome"
        first = await opened(office)
        heard = await anext(events)
        assert heard["data"]["poll_id"] == first
        await events.aclose()
        await office.post(f"{ROOM}/polls/{first}/close")
        again = stream(served, PAGE | {"Last-Event-ID": heard["id"]})
        told = [(await anext(again))["type"] for _ in range(2)]
        assert told == ["welcome", "poll_closed"]
        await again.aclose()


async def test_a_page_votes_and_asks(served: Served, office: httpx.AsyncClient) -> None:
    poll = await opened(office)
    async with served.client() as client:
        client.headers = httpx.Headers(PAGE)
        assert (await client.post(f"{ROOM}/polls/{poll}/vote", json={"choice": 0})).status_code == 200
        assert (await client.get(f"{ROOM}/polls/{poll}")).json()["own"] is not None
        question = await client.post(f"{ROOM}/questions", json={"words": "Why?"})
        assert question.status_code == 200, question.text
        signals = {"signals": [{"id": "s1", "kind": "reaction"}]}
        assert (await client.post(f"{ROOM}/signals", json=signals)).json()["accepted"] == 1
        assert (await client.post(f"{ROOM}/polls/{poll}/close")).status_code == 403
        assert (await client.post(f"{ROOM}/end")).status_code == 403


async def test_a_ticket_of_a_page_lets_in_that_person(served: Served) -> None:
    async with served.client() as client:
        ticket = (await client.post(f"{ROOM}/ticket", headers=PAGE)).json()["ticket"]
    async with served.hearing(None, query=f"?ticket={ticket}") as ana:
        assert (await ana.ask(type="hand"))["accepted"] == 1


async def test_an_open_connection_says_nothing_more_once_its_token_was_ended(served: Served) -> None:
    async with served.client() as client:
        page = await minted(client, user_id="ana")
    async with served.hearing(page) as ana:
        assert (await ana.ask(type="hand"))["accepted"] == 1
        time.sleep(0.01)
        await served.engine.erase("acme", "ana", themselves=True)
        assert (await ana.ask(type="hand"))["error"] == "NotSignedIn"
    async with served.engine.database.service() as connection:
        left = await connection.execute("SELECT 1 FROM signals WHERE participant = 'ana'")
        assert await left.fetchall() == []
