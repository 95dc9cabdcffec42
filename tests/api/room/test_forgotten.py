"""A live session that nobody ends: its audience hears that it is over as if somebody had ended it."""

import asyncio

import httpx

from tests.api.room.conftest import Served
from tests.api.room.test_hearing import ANA, opened
from tests.api.test_room import OLGA, ROOM


async def test_one_that_nobody_ended_for_a_day_ends_for_all(served: Served, office: httpx.AsyncClient) -> None:
    async with served.hearing(ANA) as ana:
        poll = await opened(office)
        await ana.ask(type="vote", poll_id=poll, choice=1)
        await served.engine.settle_live()
        assert (await office.get(ROOM, headers=OLGA)).json()["state"] == "live"
        async with served.engine.database.service() as connection:
            await connection.execute("UPDATE live_sessions SET started_at = started_at - interval '24 hours'")
        await served.engine.settle_live()
        assert (await ana.next("poll_closed"))["data"]["counts"] == [0, 1, 0]
        await ana.next("session_ended")
        await asyncio.wait_for(ana.socket.wait_closed(), 5)
        assert ana.socket.close_code == 1000
    told = (await office.get(ROOM, headers=OLGA)).json()
    assert (told["state"], told["ended_at"] is None) == ("ended", False)
    again = await office.post(f"{ROOM}/end")
    assert (again.status_code, again.json()) == (200, told)
    assert (await office.get(f"{ROOM}/stream", headers=ANA)).status_code == 409
