"""A server of our own, listened to over real sockets, at which the keynote runs."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import APIRouter
from websockets.asyncio.client import ClientConnection, connect

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.server import Server, configured
from tests.api.conftest import bearer
from tests.api.test_room import BASE, begin

PATIENCE = 15.0


@dataclass
class Heard:
    """A connection to a room, and what it heard."""

    socket: ClientConnection
    told: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, *types: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """The next message of one of these types; others are kept in `told`."""
        async with asyncio.timeout(seconds):
            while True:
                message = json.loads(await self.socket.recv())
                self.told.append(message)
                if message["type"] in types:
                    return dict(message)

    async def ask(self, **said: Any) -> dict[str, Any]:
        """Say something and hear what came of it."""
        await self.socket.send(json.dumps(said))
        return dict((await self.next("done", "error"))["data"])

    async def quiet(self, type: str, *, seconds: float = 2.0) -> bool:
        """Whether no message of this type comes for a while."""
        try:
            await self.next(type, seconds=seconds)
        except TimeoutError:
            return True
        return False


@dataclass
class Served:
    """A server that is up."""

    server: uvicorn.Server
    engine: Engine
    port: int
    running: "asyncio.Task[None]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def address(self, session: str = "keynote", query: str = "") -> str:
        return f"ws://127.0.0.1:{self.port}{BASE}/{session}/socket{query}"

    @asynccontextmanager
    async def hearing(self, who: dict[str, str] | None, *, session: str = "keynote", query: str = "", **more: Any
    ) -> AsyncIterator[Heard]:  # fmt: skip
        """A connection to a room with somebody's token; without one, nothing is waited for."""
        address = self.address(session, query)
        async with connect(address, additional_headers=who or {}, compression=None, **more) as socket:
            heard = Heard(socket)
            if who is not None or "ticket" in query:
                await heard.next("welcome")
            yield heard

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=PATIENCE)


@asynccontextmanager
async def serving(engine: Engine, *, ws: Any = None, pages: Sequence[APIRouter] = ()) -> AsyncIterator[Served]:
    """The product's server for an open engine, on a port of its own. ws: what speaks to WebSockets, if not ours."""
    place = socket.socket()
    place.bind(("127.0.0.1", 0))
    place.listen()
    config = configured(create_app(engine, pages=pages), engine.settings)
    config.ws = ws or config.ws
    server = Server(config, engine)
    running = asyncio.create_task(server._serve([place]))
    while not server.started:
        assert not running.done()
        await asyncio.sleep(0.01)
    try:
        yield Served(server, engine, place.getsockname()[1], running)
    finally:
        server.should_exit = True
        await running


@pytest.fixture
async def served(engine: Engine) -> AsyncIterator[Served]:
    """A server at which the keynote runs."""
    async with serving(engine) as served:
        async with served.client() as client:
            await begin(client)
        yield served


@pytest.fixture
async def office(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who runs the room, over HTTP."""
    async with served.client() as client:
        client.headers = httpx.Headers(bearer("olga", "operator:organiser"))
        yield client


async def until(question: Callable[[], Awaitable[bool]], *, seconds: float = PATIENCE) -> None:
    """Wait for something to become true."""
    async with asyncio.timeout(seconds):
        while not await question():
            await asyncio.sleep(0.05)
