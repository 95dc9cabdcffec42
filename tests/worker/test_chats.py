"""A worker hears what people say in chats, one worker at a time, whatever happens to it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest

from tactful.bootstrap import Engine
from tactful.compose import chats as words
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import Refusal
from tactful.store.alone import alone
from tactful.store.database import Database
from tactful.testing.telegram import TelegramPeer
from tactful.worker.chats import chat
from tests.chats import ANA, chatting
from tests.living import NOW, one

pytestmark = pytest.mark.anyio


@pytest.fixture
def peer(clock: SetClock) -> Iterator[TelegramPeer]:
    with TelegramPeer(clock=clock, wait=1) as made:
        yield made


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
async def engine(
    closed_database: Database, redis_url: str, peer: TelegramPeer, clock: SetClock, anyio_backend: str
) -> AsyncIterator[Engine]:
    async with chatting(closed_database, redis_url, peer, clock) as made:
        yield made


@asynccontextmanager
async def hearing(engine: Engine, workers: int = 1) -> AsyncIterator[None]:
    stop = asyncio.Event()
    tasks = [asyncio.create_task(chat(engine, stop)) for _ in range(workers)]
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(20):
            await asyncio.gather(*tasks)


async def until(fits: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not fits():
            await asyncio.sleep(0.05)


async def test_what_was_said_before_a_worker_came_is_answered_once_by_two(engine: Engine, peer: TelegramPeer) -> None:
    ana = peer.address("ana")
    peer.says(ana, f"/start {(await engine.link_started(*ANA, 'telegram'))['token']}")
    for _ in range(5):
        peer.says(ana, "/help")
    async with hearing(engine, workers=2):
        await until(lambda: len(peer.told(ana)) >= 6)
        await asyncio.sleep(0.5)
    assert peer.told(ana) == [words.say("linked", "en"), *[words.say("help", "en")] * 5]
    assert [each["command"] for each in peer.api.commands] == ["why", "quiet", "preferences", "stop", "help"]


async def test_who_cannot_be_answered_is_heard_all_the_same(engine: Engine, peer: TelegramPeer) -> None:
    ana = peer.address("ana")
    peer.refuse(Refusal.BLOCKED)
    peer.says(ana, f"/start {(await engine.link_started(*ANA, 'telegram'))['token']}")
    peer.says(ana, "/stop")
    async with hearing(engine):
        await until(lambda: one(engine.database, "SELECT count(*) FROM chat_heard") == 2)
    assert one(engine.database, "SELECT consent->>'outreach' FROM people") == "false"


async def test_only_who_holds_the_chat_hears_it(engine: Engine, peer: TelegramPeer) -> None:
    peer.says(peer.address("eve"), "hello")
    with alone(engine.database, "chat telegram") as mine:
        assert mine
        async with hearing(engine):
            await asyncio.sleep(0.5)
    assert peer.told(peer.address("eve")) == []
    async with hearing(engine):
        await until(lambda: peer.told(peer.address("eve")) != [])
