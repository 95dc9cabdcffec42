"""Clients that flood, that send too much, that stop reading, that vanish: others do not notice."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from tests.api.conftest import bearer
from tests.api.room.conftest import Served, until
from tests.api.room.test_entering import closed
from tests.api.test_room import ROOM

ANA, BEN, EVE = bearer("ana"), bearer("ben"), bearer("eve")


@pytest.fixture
def changes() -> dict[str, Any]:
    """Small limits, so that they are met, and soon."""
    return {
        "room__frames_at_once": 5, "room__frames_per_second": 20.0, "room__frames_refused": 200, "room__waiting": 16,
        "room__ping_seconds": 1.0, "room__grace_seconds": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize("size", [65_537, 1_048_576])
async def test_a_message_that_is_too_large_ends_the_connection_and_no_other(served: Served, size: int) -> None:
    async with served.hearing(ANA) as ana, served.hearing(EVE) as eve:
        await eve.socket.send("x" * size)
        assert await closed(eve) == 1009
        assert await ana.ask(type="ping") == {"ref": None}


async def test_a_message_in_many_pieces_is_not_larger_than_one(served: Served) -> None:
    async def pieces() -> AsyncIterator[str]:
        for _ in range(20):
            yield "x" * 60_000

    async with served.hearing(EVE) as eve:
        with suppress(ConnectionClosed):
            await eve.socket.send(pieces())
        assert await closed(eve) == 1009


async def test_a_flood_is_refused_told_once_a_second_and_harms_nobody_else(served: Served) -> None:
    async with served.hearing(ANA) as ana, served.hearing(EVE) as eve:
        for number in range(150):
            await eve.socket.send(json.dumps({"type": "ping", "ref": number}))
        told = [(await eve.next("done", "error"))["data"] for _ in range(6)]
        assert [each["ref"] for each in told[:5]] == [0, 1, 2, 3, 4]
        assert told[5]["error"] == "TooMany"
        started = time.monotonic()
        assert await ana.ask(type="ping") == {"ref": None}
        assert time.monotonic() - started < 5
        # It has calmed down.
        await asyncio.sleep(1)
        assert "error" not in await eve.ask(type="ping", ref="later")


async def test_who_does_not_stop_flooding_is_put_out(served: Served) -> None:
    async with served.hearing(EVE) as eve:
        with suppress(ConnectionClosed):
            for _ in range(3000):
                await eve.socket.send('{"type": "ping"}')
        assert await closed(eve) == 1008


@asynccontextmanager
async def deaf(served: Served, who: dict[str, str], path: str) -> AsyncIterator[socket.socket]:
    """A connection whose client never reads; it takes little at a time."""
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    raw.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(raw, ("127.0.0.1", served.port))
    head = [f"GET {ROOM}/{path} HTTP/1.1", "Host: tactful.test", f"Authorization: {who['Authorization']}"]
    if path == "socket":
        head += ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13"]
        head += ["Sec-WebSocket-Key: AQIDBAUGBwgJCgsMDQ4PEA=="]
    await loop.sock_sendall(raw, "\r\n".join([*head, "", ""]).encode())
    try:
        yield raw
    finally:
        raw.close()


@pytest.mark.parametrize("path", ["socket", "stream"])
async def test_who_stops_reading_is_dropped_and_nobody_waits_for_them(served: Served, path: str) -> None:
    engine = served.engine
    room = (await engine.room("acme", "keynote"))["id"]
    async with served.hearing(ANA) as ana, deaf(served, EVE, path):

        async def here() -> bool:
            return await connected(engine) == 2

        await until(here)
        # 100 messages of 60 KB: more than the buffers of both sides hold.
        for number in range(100):
            await engine.rooms.tell(room, "chat_prompt", {"number": number, "text": "x" * 60_000})
            assert (await ana.next("chat_prompt"))["data"]["number"] == number

        async def dropped() -> bool:
            return await connected(engine) == 1

        await until(dropped)
        assert await ana.ask(type="ping") == {"ref": None}


async def connected(engine: Any) -> int:
    """How many participants have come and are connected."""
    async with engine.database.service() as connection:
        row = await (await connection.execute("SELECT count(*) AS n FROM live_participants")).fetchone()
    names = [each async for each in engine.valkey.scan_iter("tactful:hub:*")]
    held = sum([await engine.valkey.scard(name) for name in names])
    return int(min(int(row["n"]), held) if held != 1 else held)


async def test_who_vanishes_without_a_word_has_left(served: Served) -> None:
    async with deaf(served, EVE, "socket"):

        async def here() -> bool:
            return await connected(served.engine) == 1

        await until(here)

        # Never answers a ping, though its socket is open.
        async def gone() -> bool:
            names = [each async for each in served.engine.valkey.scan_iter("tactful:hub:*")]
            return not names

        await until(gone, seconds=20)


async def test_the_server_stops_at_once_with_open_connections(served: Served) -> None:
    async with served.hearing(ANA) as ana, served.client() as client, asyncio.timeout(30):
        async with client.stream("GET", f"{ROOM}/stream", headers=BEN) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == "retry: 2000"
            started = time.monotonic()
            served.server.should_exit = True
            assert await closed(ana) == 1012
            assert any("welcome" in line for line in [line async for line in lines])
        await asyncio.wait([served.running])
        # Whoever is waited for is waited for five seconds.
        assert time.monotonic() - started < 4
