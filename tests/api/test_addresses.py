"""Who may say where somebody is reached: whoever proves it, and nobody for anybody else."""

import json
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tactful.api.app import create_app
from tactful.api.auth import WIDGET
from tactful.bootstrap import Engine
from tactful.bootstrap.settings import JWT_SECRET
from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tactful.store.described.people import Person
from tactful.testing.email_peer import EmailPeer
from tactful.testing.telegram import TelegramPeer
from tactful.testing.web_push_peer import WebPushPeer
from tests.api.conftest import KEY, bearer, calling
from tests.api.test_shapes import shaped
from tests.chats import chatting
from tests.living import NOW

SERVICE = bearer("backend", "service")
EVE = bearer("eve", WIDGET, org="other")


@pytest.fixture
def push() -> Iterator[WebPushPeer]:
    with WebPushPeer() as peer:
        yield peer


@pytest.fixture
async def engine(
    closed_database: Database, redis_url: str, push: WebPushPeer, anyio_backend: str
) -> AsyncIterator[Engine]:
    clock = SetClock(NOW)
    with TelegramPeer(clock=clock, wait=0) as chats, EmailPeer() as mail:
        more = {**push.settings(), **mail.settings(), JWT_SECRET.name: KEY}
        async with chatting(closed_database, redis_url, chats, clock, **more) as made:
            await made.describe("acme", [Person("ana", addresses={"email": "ana@example.org"})])
            await made.describe("other", [Person("eve")])
            link = await made.link_started("acme", "ana", "telegram")
            assert await made.linked("telegram", link["token"], "1001") is not None
            yield made


@pytest.fixture
async def client(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(create_app(engine)) as made:
        yield made


async def theirs(engine: Engine, organisation: str, person: str) -> dict[str, str]:
    found: dict[str, str] = (await engine.person(organisation, person))["addresses"]
    return found


async def test_nobody_takes_a_chat_or_a_mailbox_from_somebody_else(engine: Engine, client: httpx.AsyncClient) -> None:
    for channel, address in (("telegram", "1001"), ("email", "ana@example.org")):
        told = await client.post("/api/v1/addresses", json={"channel": channel, "address": address}, headers=EVE)
        assert (told.status_code, shaped(told)["error"]) == (403, "NotAllowed"), channel
    vouched = {"user_id": "eve", "channel": "email", "address": "ana@example.org"}
    other = bearer("backend", "service", org="other")
    assert (await client.post("/api/v1/addresses", json=vouched, headers=other)).status_code == 200
    chat = {**vouched, "channel": "telegram", "address": "1001"}
    told = await client.post("/api/v1/addresses", json=chat, headers=other)
    assert (told.status_code, shaped(told)["fields"]) == (422, ["channel"])
    assert await theirs(engine, "acme", "ana") == {"email": "ana@example.org", "telegram": "1001"}
    assert await theirs(engine, "other", "eve") == {"email": "ana@example.org"}
    assert await engine.whose("telegram", "1001") == ("acme", "ana")


async def test_a_browser_belongs_to_who_told_it_last(
    engine: Engine, client: httpx.AsyncClient, push: WebPushPeer
) -> None:
    shared = {"channel": "web_push", "address": push.address("shared")}
    for who in (bearer("ana", WIDGET), EVE):
        told = await client.post("/api/v1/addresses", json=shared, headers=who)
        assert told.status_code == 200, told.text
    assert "web_push" not in await theirs(engine, "acme", "ana")
    assert json.loads((await theirs(engine, "other", "eve"))["web_push"])["endpoint"]
