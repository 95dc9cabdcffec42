"""Rate limits, over several processes and without Valkey."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
import redis.asyncio
from fastapi import FastAPI
from limits import RateLimitItemPerMinute

from tactful.api.limits import Limits
from tactful.api.settings import ORGANISATION_PER_MINUTE, PERSON_PER_MINUTE, REFUSED_PER_MINUTE
from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock
from tactful.kernel.errors import TooMany
from tactful.store.running.limits import SharedCount
from tests.api.conftest import bearer
from tests.api.test_shapes import shaped

NOON = datetime(2026, 5, 1, 12, 0, 20, tzinfo=UTC)


class Counted:
    """A shared count in memory that tells how often it was asked."""

    def __init__(self) -> None:
        self.sums: dict[str, int] = {}
        self.asked = 0
        self.away = False

    async def add(self, item: RateLimitItemPerMinute, window: int, who: str, amount: int) -> int | None:
        self.asked += 1
        if self.away:
            return None
        self.sums[f"{who} {window}"] = self.sums.get(f"{who} {window}", 0) + amount
        return self.sums[f"{who} {window}"]


class Alone:
    """How often somebody counted alone."""

    times = 0

    def __call__(self) -> None:
        self.times += 1


def limits(shared: Any, clock: SetClock, alone: Alone | None = None) -> Limits:
    return Limits(shared, clock=clock, on_alone=alone or Alone())


async def passed(door: Limits, tries: int, per_minute: int, who: str = "ana") -> int:
    through = 0
    for _ in range(tries):
        try:
            await door.pass_by(who, per_minute)
        except TooMany:
            continue
        through += 1
    return through


async def test_one_process_lets_exactly_the_limit_pass() -> None:
    for per_minute in (1, 3, 19, 20, 100, 101):
        assert await passed(limits(Counted(), SetClock(NOON)), 3 * per_minute, per_minute) == per_minute


async def test_a_small_limit_holds_exactly_over_many_processes() -> None:
    shared, clock = Counted(), SetClock(NOON)
    doors = [limits(shared, clock) for _ in range(5)]
    assert sum([await passed(door, 10, 15) for door in doors]) == 15


async def test_a_large_limit_is_exceeded_by_a_twentieth_per_process_at_most() -> None:
    shared, clock = Counted(), SetClock(NOON)
    doors = [limits(shared, clock) for _ in range(4)]
    through = 0
    for _ in range(500):
        for door in doors:
            through += await passed(door, 1, 1000)
    assert 1000 <= through <= 1000 + 3 * 50


async def test_ordinary_traffic_asks_nobody() -> None:
    shared = Counted()
    assert await passed(limits(shared, SetClock(NOON)), 14, 300) == 14
    assert shared.asked == 0


async def test_the_next_minute_begins_anew() -> None:
    clock = SetClock(NOON)
    door = limits(Counted(), clock)
    await passed(door, 3, 3)
    with pytest.raises(TooMany) as told:
        await door.pass_by("ana", 3)
    assert told.value.seconds == 41
    clock.advance(timedelta(seconds=told.value.seconds))
    assert await passed(door, 5, 3) == 3


async def test_names_do_not_share_a_limit() -> None:
    door = limits(Counted(), SetClock(NOON))
    assert [await passed(door, 5, 3, who) for who in ("ana", "ben")] == [3, 3]


async def test_without_valkey_each_process_counts_alone_and_asks_seldom() -> None:
    shared, clock, alone = Counted(), SetClock(NOON), Alone()
    shared.away = True
    door = limits(shared, clock, alone)
    assert await passed(door, 50, 10) == 10
    assert (shared.asked, alone.times) == (1, 10)
    shared.away = False
    clock.advance(timedelta(seconds=10))
    assert await passed(door, 5, 10) == 0
    clock.advance(timedelta(seconds=60))
    assert await passed(door, 50, 10) == 10
    assert shared.sums == {f"ana {int(clock.at.timestamp() // 60)}": 10}


async def test_valkey_adds_up_what_processes_tell_it(redis_url: str) -> None:
    async with redis.asyncio.Redis.from_url(redis_url) as valkey:
        await valkey.flushdb()
        item = RateLimitItemPerMinute(10)
        one, two = SharedCount(valkey), SharedCount(valkey)
        assert [await one.add(item, 1, "ana", 3), await two.add(item, 1, "ana", 4)] == [3, 7]
        assert await one.add(item, 2, "ana", 1) == 1
        [key, _] = [key async for key in valkey.scan_iter("tactful:limit*")]
        assert 60 < await valkey.ttl(key) <= 120
        # Under a print of the name, not the name.
        assert b"ana" not in key


async def test_a_valkey_that_is_away_says_nothing() -> None:
    async with redis.asyncio.Redis.from_url("redis://127.0.0.1:1") as valkey:
        assert await SharedCount(valkey).add(RateLimitItemPerMinute(10), 1, "ana", 1) is None


@pytest.fixture
def changes() -> dict[str, Any]:
    return {PERSON_PER_MINUTE.name: 5, ORGANISATION_PER_MINUTE.name: 12, REFUSED_PER_MINUTE.name: 8}


async def calls(client: httpx.AsyncClient, number: int, **who: str) -> list[int]:
    headers = bearer(**who)
    return [(await client.get("/proactive/preferences", headers=headers)).status_code for _ in range(number)]


async def test_a_person_who_asks_too_often_is_told_to_wait(engine: Engine, client: httpx.AsyncClient) -> None:
    assert (await calls(client, 7)).count(200) == 5
    told = await client.get("/proactive/preferences", headers=bearer())
    assert (told.status_code, shaped(told)["error"]) == (429, "TooMany")
    assert 0 < int(told.headers["Retry-After"]) <= 61
    assert (await calls(client, 1, sub="43")) == [200], "others are not held up"


async def test_an_organisation_has_a_limit_for_all_its_people(client: httpx.AsyncClient) -> None:
    statuses = [status for sub in "abcdef" for status in await calls(client, 4, sub=sub)]
    assert statuses.count(200) == 12
    assert (await calls(client, 1, org="umbrella")) == [200]


def from_address(app: FastAPI, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://tactful.test")


async def guesses(client: httpx.AsyncClient, number: int) -> list[int]:
    statuses = []
    for guess in range(number):
        headers = {"Authorization": f"Bearer guess-{guess}"} if guess % 2 else {}
        statuses.append((await client.get("/proactive/preferences", headers=headers)).status_code)
    return statuses


async def test_who_keeps_guessing_tokens_is_held_up_and_their_neighbours_are_not(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    # The very same token twice: minted anew in another second it would be another one.
    headers, address = bearer(), "/proactive/preferences"
    assert (await client.get(address, headers=headers)).status_code == 200
    assert await guesses(client, 12) == [401] * 8 + [429] * 4
    assert (await client.get(address, headers=headers)).status_code == 200, "a token that was believed before still is"
    assert await calls(client, 1, sub="43") == [429], "another one could be a guess"
    async with from_address(app, "198.51.100.7") as elsewhere:
        assert await calls(elsewhere, 1, sub="43") == [200]


async def test_the_addresses_of_one_net_are_one(app: FastAPI) -> None:
    async with from_address(app, "2001:db8:0:1::1") as one, from_address(app, "2001:db8:0:1:ffff::2") as other:
        assert (await guesses(one, 5), await guesses(other, 5)) == ([401] * 5, [401] * 3 + [429] * 2)
    async with from_address(app, "2001:db8:0:2::1") as elsewhere:
        assert await guesses(elsewhere, 1) == [401]
