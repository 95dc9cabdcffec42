"""Visitors of a demo who come at the same moment are two people."""

import asyncio

from tactful.kernel.clock import SetClock
from tactful.store.database import Database
from tactful.store.described.people import Person
from tactful.testing.demo import ORGANISATION
from tactful.testing.guests import Guests
from tactful.testing.telegram import TelegramPeer
from tests.chats import chatting
from tests.living import NOW


async def test_two_who_come_at_once_are_not_the_same_person(
    closed_database: Database, redis_url: str, anyio_backend: str
) -> None:
    clock = SetClock(NOW)
    with TelegramPeer(clock=clock, wait=0) as peer:
        async with chatting(closed_database, redis_url, peer, clock) as engine:
            await engine.describe(ORGANISATION, [Person("demo-1")])
            guests = Guests(engine, "telegram")
            told = await asyncio.gather(guests.begin(), guests.begin())
            await guests.close()
    assert len({each["person"] for each in told}) == 2
