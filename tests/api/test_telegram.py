"""Telegram may post what people did, with its secret; nobody else may."""

from typing import Any

import httpx
import pytest

from tactful.compose import chats as words
from tactful.deliver.telegram.settings import API, TOKEN, WEBHOOK, WEBHOOK_SECRET
from tactful.testing.telegram import TelegramPeer
from tactful.testing.telegram.server import TOKEN as BOT

pytestmark = pytest.mark.anyio
SECRET = {"x-telegram-bot-api-secret-token": "a-secret-of-16-or-more"}
WHERE = "/api/v1/telegram"


@pytest.fixture
def peer() -> Any:
    with TelegramPeer() as made:
        yield made


@pytest.fixture
def changes(peer: TelegramPeer) -> dict[str, Any]:
    values = {
        TOKEN: BOT,
        API: peer.settings()[API.name],
        WEBHOOK: "https://t.example",
        WEBHOOK_SECRET: "a-secret-of-16-or-more",
    }
    return {row.name.replace(".", "__"): value for row, value in values.items()}


async def test_an_update_is_taken_once_however_often_it_comes(client: httpx.AsyncClient, peer: TelegramPeer) -> None:
    update = peer.says(peer.address("eve"), "hello")
    told = [await client.post(WHERE, json=update, headers=SECRET) for _ in range(2)]
    assert [each.json() for each in told] == [{"taken": 1}, {"taken": 0}]
    assert peer.told(peer.address("eve")) == [words.say("stranger", "en")]


@pytest.mark.parametrize("headers", [{}, {"x-telegram-bot-api-secret-token": "another-secret-00"}])
async def test_nobody_else_is_heard(headers: dict[str, str], client: httpx.AsyncClient, peer: TelegramPeer) -> None:
    told = await client.post(WHERE, json=peer.says(peer.address("eve"), "hello"), headers=headers)
    assert (told.status_code, told.json()["error"]) == (401, "NotSignedIn")
    assert peer.told(peer.address("eve")) == []


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 200), (b'{"update_id": "x"}', 200), (b"", 400)])
async def test_what_is_no_update_changes_nothing(body: bytes, status: int, client: httpx.AsyncClient) -> None:
    told = await client.post(WHERE, content=body, headers=SECRET)
    assert told.status_code == status
