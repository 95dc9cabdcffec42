"""Valkey gone, frozen or cut off, and other processes dead: rooms go on, and everybody hears of what was missed."""

import asyncio
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tactful.api.room.comings import Comings
from tactful.bootstrap import Engine
from tactful.embedded import Parts, running
from tactful.facts.audiences import LiveSession
from tactful.kernel.clock import SetClock, SystemClock
from tactful.store.database import Database
from tactful.store.running.attendance import SILENCE, Attendance
from tests.api.conftest import bearer, engine_settings
from tests.api.room.conftest import Served, serving
from tests.api.test_room import LUNCH, OLGA, ROOM, begin
from tests.conftest import PREFIX, embedded_settings
from tests.respect.searching import in_database, in_valkey

ANA, BEN = bearer("ana"), bearer("ben")


@pytest.fixture
def own() -> Iterator[Parts]:
    """A Valkey of its own, which may be harmed."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        with running(embedded_settings(folder), postgres=False) as parts:
            yield parts
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def alone(closed_database: Database, own: Parts) -> AsyncIterator[Served]:
    """A server that uses it, at which the keynote runs."""
    async with Engine(engine_settings(closed_database, own.redis_url)) as engine, serving(engine) as served:
        async with served.client() as client:
            await begin(client)
        yield served


async def test_whoever_is_cut_off_from_valkey_hears_again_and_is_told_that_something_may_be_missing(
    served: Served,
) -> None:
    async with served.hearing(ANA) as ana:
        room = (await served.engine.room("acme", "keynote"))["id"]
        for number in range(3):
            await asyncio.sleep(0.2)
            assert await served.engine.valkey.client_kill_filter(_type="pubsub") >= 1
            await ana.next("resync")
            await served.engine.rooms.tell(room, "chat_prompt", {"number": number})
            assert (await ana.next("chat_prompt"))["data"] == {"number": number}


async def test_with_valkey_frozen_polls_open_count_and_close_a_second_later(alone: Served, own: Parts) -> None:
    process = own.valkey.running()
    assert process is not None
    async with alone.hearing(ANA) as ana, alone.client() as office:
        await asyncio.sleep(1.5)
        os.kill(process, signal.SIGSTOP)
        try:
            poll = (await office.post(f"{ROOM}/polls", json=LUNCH, headers=OLGA)).json()["poll_id"]
            assert (await ana.next("poll_opened"))["data"]["poll_id"] == poll
            assert (await ana.ask(type="vote", poll_id=poll, choice=1))["first"]
            assert (await ana.next("poll_results"))["data"]["counts"] == [0, 1, 0]
            assert (await office.post(f"{ROOM}/polls/{poll}/close", headers=OLGA)).status_code == 200
            assert (await ana.next("poll_closed"))["data"]["counts"] == [0, 1, 0]
            assert (await office.post(f"{ROOM}/ticket", headers=ANA)).status_code == 503
            await asyncio.sleep(9)
        finally:
            os.kill(process, signal.SIGCONT)
        await ana.next("resync", seconds=20)
        room = (await alone.engine.room("acme", "keynote"))["id"]
        await alone.engine.rooms.tell(room, "chat_prompt", {"text": "back"})
        assert (await ana.next("chat_prompt"))["data"] == {"text": "back"}
        assert [each["type"] for each in ana.told].count("poll_opened") == 1
        assert [each["type"] for each in ana.told].count("poll_closed") == 1


async def test_a_valkey_that_was_killed_is_found_again(alone: Served, own: Parts) -> None:
    async with alone.hearing(ANA) as ana, alone.client() as office:
        killed = own.valkey.running()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        poll = (await office.post(f"{ROOM}/polls", json=LUNCH, headers=OLGA)).json()["poll_id"]
        assert (await ana.next("poll_opened"))["data"]["poll_id"] == poll
        if "resync" not in [each["type"] for each in ana.told]:
            await ana.next("resync", seconds=30)
        async with alone.hearing(BEN) as ben:
            assert ben.told[0]["data"]["polls"][0]["poll_id"] == poll


def member(who: str) -> tuple[str, str, str]:
    return "acme", "keynote", who


async def test_nobody_has_left_who_is_connected_elsewhere_and_those_of_the_dead_are_told_once(engine: Engine) -> None:
    one, two, three = (Attendance(engine.valkey, name) for name in ("one", "two", "three"))
    for each in (one, two, three):
        assert await each.beat(1000.0) is False
    assert await one.beat(1000.0) is True
    await one.came([member("ana"), member("ben"), member("cleo")])
    await two.came([member("ana")])
    assert await one.went([member("ana"), member("ben")], 1001.0) == [member("ben")]
    assert await two.went([member("ana")], 1001.0) == [member("ana")]
    # One dies with Cleo, who is not seen again, and Dan, who is back at three.
    await one.came([member("dan")])
    await three.came([member("dan")])
    late = 1000.0 + SILENCE + 1
    for each in (two, three):
        await each.beat(late)
    found = await asyncio.gather(two.orphans(late), three.orphans(late))
    assert sorted(found, key=len) == [[], [member("cleo")]]
    assert await two.orphans(late) == []
    # It was only asleep.
    assert await one.beat(late) is False


async def test_who_is_erased_while_they_are_in_a_room_leaves_no_trace_when_they_go(engine: Engine) -> None:
    await engine.add_live_session("acme", LiveSession("keynote", "conference"))
    await engine.start_live_session("acme", "keynote")
    clock = engine.clock = SetClock(SystemClock().now())
    hub = Comings(engine, name="one", grace=timedelta(seconds=5))
    for who in ("zqm000x", "ben"):
        hub.came(member(who))
    await hub.tell()
    assert await in_valkey(engine.valkey, "zqm000x")
    await engine.erase("acme", "zqm000x", themselves=True)
    for who in ("zqm000x", "ben"):
        hub.went(member(who))
    clock.advance(timedelta(seconds=6))
    await hub.tell()
    assert in_database(engine.database.owner_url, "zqm000x") == {}
    assert await in_valkey(engine.valkey, "zqm000x") == {}
    assert (await engine.live_session("acme", "keynote"))["viewers"] == 0


async def test_a_process_that_died_lets_its_people_go_and_one_that_woke_up_has_them_again(engine: Engine) -> None:
    await engine.add_live_session("acme", LiveSession("keynote", "conference"))
    await engine.start_live_session("acme", "keynote")
    clock = engine.clock = SetClock(SystemClock().now())
    one, two = (Comings(engine, name=name, grace=timedelta(seconds=5)) for name in ("one", "two"))

    async def viewers() -> int:
        return int((await engine.live_session("acme", "keynote"))["viewers"])

    for hub, who in ((one, "ana"), (one, "ben"), (two, "cleo"), (two, "ben")):
        hub.came(member(who))
    for hub in (one, two):
        await hub.tell()
    assert await viewers() == 3
    clock.advance(timedelta(seconds=SILENCE + 1))
    two._beat_at = float("-inf")
    await two.tell()
    await two.tell()
    assert await viewers() == 2
    clock.advance(timedelta(seconds=1))
    one._beat_at = float("-inf")
    await one.tell()
    assert await viewers() == 3
