"""Events and beats as clients may rely on them: ids count once, batches are whole, visits become one event."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tactful.api.app import create_app
from tactful.bootstrap import Engine
from tactful.kernel.clock import SetClock, SystemClock
from tactful.kernel.records import Event
from tactful.store.settings import VISIT_TIMEOUT
from tactful.worker.schedule import close_visits
from tests.api.conftest import bearer, calling
from tests.api.events import counted
from tests.api.test_shapes import shaped

EVENTS, PRESENCE = "/api/v1/events", "/ambient/presence/update"
SERVICE = bearer("backend", "service")
DONE: dict[str, Any] = {
    "id": "e1", "user_id": 42, "kind": "lesson_completed", "occurred_at": "2026-01-31T08:00:00Z",
    "content_id": "lesson_42", "skill_id": "limits", "topic": "calculus",
    "properties": {"score": 0.75, "seconds": 120, "sentiment": -0.5, "note": "hard", "hint_used": True},
}  # fmt: skip


async def send(client: httpx.AsyncClient, *events: dict[str, Any], who: dict[str, str] = SERVICE) -> httpx.Response:
    return await client.post(EVENTS, json={"events": list(events)}, headers=who)


async def rows(engine: Engine, statement: str) -> list[dict[str, Any]]:
    async with engine.database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def count(engine: Engine, table: str) -> int:
    [row] = await rows(engine, f"SELECT count(*) AS n FROM {table}")
    return int(row["n"])


@pytest.fixture
async def second(engine: Engine) -> AsyncIterator[httpx.AsyncClient]:
    """A second server on the same database and the same Valkey."""
    async with Engine(engine.settings) as other, calling(create_app(other)) as client:
        yield client


async def test_what_is_sent_is_kept_as_it_is(client: httpx.AsyncClient, engine: Engine) -> None:
    assert (await send(client, DONE)).json() == counted(1, 0)
    columns = "e.id, kind, occurred_at, content_id, skill_id, topic, properties, p.external_id AS user_id"
    [row] = await rows(engine, f"SELECT {columns} FROM events e JOIN people p ON p.id = e.person_id")
    assert row == DONE | {"user_id": "42", "occurred_at": datetime(2026, 1, 31, 8, tzinfo=UTC)}
    day = "SELECT events, completions, score_sum, score_count, sentiment_sum, seconds FROM person_day"
    assert await rows(engine, day) == [
        {"events": 1, "completions": 1, "score_sum": 0.75, "score_count": 1, "sentiment_sum": -0.5, "seconds": 120}
    ]


async def test_a_stranger_who_sends_an_event_comes_into_being_with_what_is_known(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    for user, properties in ((1, {}), (2, {"zone": "Asia/Tokyo"}), (3, {"zone": "Mars/Olympus"})):
        told = await send(client, DONE | {"id": f"e{user}", "user_id": user, "properties": properties})
        assert told.json() == counted(1, 0)
    people = "SELECT external_id, zone, zone_source, name, consent FROM people ORDER BY external_id"
    nothing: dict[str, Any] = {"name": None, "consent": {}}
    assert await rows(engine, people) == [
        {"external_id": "1", "zone": "UTC", "zone_source": "default"} | nothing,
        {"external_id": "2", "zone": "Asia/Tokyo", "zone_source": "device"} | nothing,
        {"external_id": "3", "zone": "UTC", "zone_source": "default"} | nothing,
    ]
    described = await client.put("/api/v1/people/1", json={"zone": "Europe/Lisbon"}, headers=SERVICE)
    assert described.json()["user_id"] == 1
    assert await count(engine, "people") == 3


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"occurred_at": "2025-11-30T23:59:59Z"},
        {"occurred_at": "2026-01-31T10:00:00+02:00"},
        {"kind": "visit", "properties": {}},
        {"user_id": 43},
    ],
    ids=["same", "other month", "same instant elsewhere", "other kind", "other person"],
)
async def test_an_id_counts_once_whatever_else_it_comes_with(
    client: httpx.AsyncClient, engine: Engine, again: dict[str, Any]
) -> None:
    assert (await send(client, DONE)).json() == counted(1, 0)
    assert (await send(client, DONE | again)).json() == counted(0, 1)
    assert (await send(client, DONE | {"id": "e2"}, DONE | again)).json() == counted(1, 1)
    assert await count(engine, "events") == 2
    assert await rows(engine, "SELECT sum(events) AS n FROM person_day") == [{"n": 2}]


async def test_copies_that_arrive_at_two_servers_at_the_same_moment_count_once(
    client: httpx.AsyncClient, second: httpx.AsyncClient, engine: Engine
) -> None:
    async def both(number: int) -> int:
        batch = [DONE | {"id": f"{number}-{n}", "user_id": n % 7} for n in range(20)]
        later = [each | {"occurred_at": "2026-02-01T08:00:00Z"} for each in reversed(batch)]
        told = await asyncio.gather(send(client, *batch), send(second, *later), send(client, *later))
        assert all(each.status_code == 200 for each in told)
        return sum(int(each.json()["accepted"]) for each in told)

    assert await asyncio.gather(*map(both, range(10))) == [20] * 10
    assert await count(engine, "events") == 200
    assert await rows(engine, "SELECT sum(events) AS n FROM person_day") == [{"n": 200}]
    assert await rows(engine, "SELECT sum(events) AS n FROM person_state") == [{"n": 200}]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "two words"}, "events.999.kind"),
        ({"occurred_at": "2026-01-31T08:00:00"}, "events.999.occurred_at"),
        ({"occurred_at": "1969-12-31T23:59:59Z"}, "events.999.occurred_at"),
        ({"user_id": None}, "events.999.user_id"),
        ({"surprise": 1}, "events.999.surprise"),
    ],
)
async def test_when_one_of_a_thousand_does_not_fit_none_is_taken_and_its_field_is_named(
    client: httpx.AsyncClient, engine: Engine, change: dict[str, Any], field: str
) -> None:
    good = [DONE | {"id": f"e{number}"} for number in range(999)]
    told = await send(client, *good, DONE | {"id": "bad"} | change)
    assert (told.status_code, shaped(told)["fields"]) == (422, [field])
    for table in ("events", "event_keys", "people", "person_state"):
        assert await count(engine, table) == 0
    assert (await send(client, *good)).json() == counted(999, 0)


async def test_a_thousand_are_taken_and_one_more_is_not(client: httpx.AsyncClient, engine: Engine) -> None:
    batch = [DONE | {"id": f"e{number}", "user_id": number % 50} for number in range(1001)]
    told = await send(client, *batch)
    assert (told.status_code, shaped(told)["fields"]) == (422, ["events"])
    assert await count(engine, "events") == 0
    assert (await send(client, *batch[:1000])).json() == counted(1000, 0)
    assert (await send(client, *batch[:1000])).json() == counted(0, 1000)
    assert await count(engine, "people") == 50


async def test_one_bad_request_never_harms_those_that_arrive_with_it(client: httpx.AsyncClient, engine: Engine) -> None:
    bad = DONE | {"id": "bad", "occurred_at": "2999-01-01T00:00:00Z"}
    told = await asyncio.gather(*(send(client, bad if n % 3 else DONE | {"id": f"e{n}"}) for n in range(30)))
    assert [each.status_code for each in told] == [422 if n % 3 else 200 for n in range(30)]
    assert await count(engine, "events") == 10


async def test_the_same_id_of_another_organisation_is_another_event(client: httpx.AsyncClient, engine: Engine) -> None:
    await send(client, DONE)
    other = await send(client, DONE, who=bearer("backend", "service", "umbrella"))
    assert other.json() == counted(1, 0)
    assert await rows(engine, "SELECT count(DISTINCT organisation_id) AS n FROM people") == [{"n": 2}]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("score", 7),
        ("score", True),
        ("sentiment", -1.5),
        ("seconds", -1),
        ("seconds", "9"),
        ("correct", 1),
        ("completed", "yes"),
    ],
)
async def test_a_property_that_means_something_must_be_able_to(
    name: str, value: object, client: httpx.AsyncClient, engine: Engine
) -> None:
    strange = DONE | {"id": "2", "properties": {name: value}}
    told = await client.post(EVENTS, json={"events": [DONE, strange]}, headers=bearer("backend", "service"))
    assert told.status_code == 422
    assert shaped(told)["fields"] == [f"events.1.properties.{name}"]
    assert await count(engine, "events") == 0


async def test_late_events_give_the_sessions_they_would_have_given_in_time(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    minutes = (50, 0, 25, 90, 200, 100)
    for minute in minutes:
        at = (datetime(2026, 1, 31, 8, tzinfo=UTC) + timedelta(minutes=minute)).isoformat()
        await send(client, DONE | {"id": str(minute), "occurred_at": at})
    sessions = await rows(
        engine, "SELECT ended_at - started_at AS lasted, events FROM person_session ORDER BY started_at"
    )
    assert sessions == [
        {"lasted": timedelta(minutes=50), "events": 3},
        {"lasted": timedelta(minutes=10), "events": 2},
        {"lasted": timedelta(0), "events": 1},
    ]


@pytest.fixture
def clock(engine: Engine) -> SetClock:
    """The engine's clock, which stands until it is advanced."""
    engine.clock = SetClock(SystemClock().now())
    return engine.clock


async def beat(client: httpx.AsyncClient, seconds: float, **more: Any) -> None:
    body = {"page": "lesson", "topic": "calculus", "content_id": "lesson_42", "time_on_page": seconds}
    told = await client.post(PRESENCE, json=body | more, headers=bearer())
    assert (told.status_code, told.json()) == (200, {"status": "ok"})


VISITS = "SELECT kind, occurred_at, content_id, topic, properties FROM events ORDER BY occurred_at"


async def test_beats_move_presence_and_count_only_when_the_visit_is_over(engine: Engine, clock: SetClock) -> None:
    async with calling(create_app(engine)) as client:
        await beat(client, 5, scroll_count=2)
        clock.advance(timedelta(seconds=30))
        await beat(client, 35, scroll_count=4, mouse_hesitations=1)
        last = clock.now()
        [state] = await rows(engine, "SELECT current_page, time_on_page, last_seen_at FROM ambient_presence_states")
        assert state == {"current_page": "lesson", "time_on_page": 35, "last_seen_at": last}
        assert await count(engine, "events") == 0
        clock.advance(timedelta(seconds=engine.settings[VISIT_TIMEOUT]))
        await close_visits(engine, clock.now())
        assert await count(engine, "events") == 0
        clock.advance(timedelta(seconds=1))
        for _ in range(2):
            await close_visits(engine, clock.now())
    said = {"page": "lesson", "seconds": 35, "scroll_count": 4, "mouse_hesitations": 1}
    assert await rows(engine, VISITS) == [
        {"kind": "visit", "occurred_at": last, "content_id": "lesson_42", "topic": "calculus", "properties": said}
    ]
    assert await rows(engine, "SELECT seconds FROM person_day") == [{"seconds": 35}]


async def test_a_page_opened_anew_is_a_visit_beside_the_one_before_it_which_closes_by_itself(
    engine: Engine, clock: SetClock
) -> None:
    async with calling(create_app(engine)) as client:
        await beat(client, 40)
        first = clock.now()
        clock.advance(timedelta(seconds=10))
        await beat(client, 1)
    # The tab may still be open behind the new one.
    assert await count(engine, "events") == 0
    await close_visits(engine, first + timedelta(seconds=engine.settings[VISIT_TIMEOUT] + 1))
    [event] = await rows(engine, VISITS)
    assert (event["occurred_at"], event["properties"]["seconds"]) == (first, 40)
    assert await rows(engine, "SELECT seconds FROM visits") == [{"seconds": 1}]


async def test_a_beat_after_a_long_silence_closes_the_visit_too(engine: Engine, clock: SetClock) -> None:
    async with calling(create_app(engine)) as client:
        await beat(client, 40)
        first = clock.now()
        clock.advance(timedelta(seconds=engine.settings[VISIT_TIMEOUT] + 1))
        await beat(client, 131)
    [event] = await rows(engine, VISITS)
    assert event["occurred_at"] == first


async def test_a_product_may_send_visits_of_its_own(client: httpx.AsyncClient, engine: Engine) -> None:
    now = engine.clock.now()
    assert list(await engine.accept("acme", [Event("v1", "42", "visit", now)])) == [True]
    assert (await send(client, DONE | {"id": "v1", "kind": "visit"})).json() == counted(0, 1)
