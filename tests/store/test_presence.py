"""Beats: where people are, and the visits they make."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tactful.kernel.records import Beat
from tactful.kernel.settings import Settings
from tactful.store import presence
from tactful.store.database import Database
from tactful.store.presence import Row
from tactful.store.settings import VISIT_TIMEOUT

START = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
SETTINGS = Settings({VISIT_TIMEOUT.name: 60.0})


def beat(seconds: float, *, person: str = "ana", on: float | None = None, page: str = "lesson", **more: Any) -> Row:
    """A beat `seconds` after START, from a page opened `on` seconds before it."""
    at = START + timedelta(seconds=seconds)
    return "acme", Beat(person, page, at, time_on_page=seconds if on is None else on, **more)


async def send(database: Database, *beats: Row) -> None:
    async with database.service() as connection:
        assert await presence.write_group(connection, beats, now=START, settings=SETTINGS) == [None] * len(beats)


async def rows(database: Database, statement: str) -> list[dict[str, Any]]:
    async with database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def closed(database: Database) -> list[dict[str, Any]]:
    return await rows(database, "SELECT * FROM events WHERE kind = 'visit' ORDER BY occurred_at")


async def test_a_beat_says_where_somebody_is(database: Database) -> None:
    await send(database, beat(5, topic="algebra", content_id="c1", scroll_count=4), beat(7, person="ben", page="home"))
    states = await rows(database, "SELECT * FROM ambient_presence_states ORDER BY user_id")
    assert [state["current_page"] for state in states] == ["lesson", "home"]
    assert states[0]["current_topic"] == "algebra"
    assert states[0]["current_content_id"] == "c1"
    assert (states[0]["time_on_page"], states[0]["scroll_count"]) == (5, 4)
    assert states[0]["last_seen_at"] == START + timedelta(seconds=5)


async def test_an_older_beat_does_not_move_anybody_back(database: Database) -> None:
    await send(database, beat(20, page="new", on=0))
    await send(database, beat(10, page="old"))
    states = await rows(database, "SELECT current_page FROM ambient_presence_states")
    assert states == [{"current_page": "new"}]


async def test_beats_of_one_page_are_one_visit(database: Database) -> None:
    await send(database, beat(10, scroll_count=1), beat(20, scroll_count=3))
    await send(database, beat(40, mouse_hesitations=2))
    visits = await rows(database, "SELECT * FROM visits")
    assert len(visits) == 1
    assert visits[0]["opened_at"] == START
    assert (visits[0]["seconds"], visits[0]["scroll_count"], visits[0]["mouse_hesitations"]) == (40, 3, 2)
    assert await closed(database) == []


async def test_two_pages_are_two_visits(database: Database) -> None:
    await send(database, beat(10), beat(10, page="help"), beat(10, content_id="c1"))
    assert len(await rows(database, "SELECT * FROM visits")) == 3


async def test_a_page_opened_anew_closes_its_visit_which_becomes_one_event(database: Database) -> None:
    await send(database, beat(10, content_id="c1", topic="t"), beat(30, content_id="c1", scroll_count=5))
    await send(database, beat(35, content_id="c1", on=2))
    events = await closed(database)
    assert len(events) == 1
    assert (events[0]["content_id"], events[0]["topic"]) == ("c1", "t")
    assert events[0]["occurred_at"] == START + timedelta(seconds=30)
    assert events[0]["properties"] == {"page": "lesson", "seconds": 30, "scroll_count": 5, "mouse_hesitations": 0}
    days = await rows(database, "SELECT events, seconds FROM person_day")
    assert days == [{"events": 1, "seconds": 30}]


async def test_silence_between_two_beats_closes_the_visit_too(database: Database) -> None:
    await send(database, beat(10), beat(71))
    assert [event["properties"]["seconds"] for event in await closed(database)] == [10]


async def test_a_late_beat_closes_nothing(database: Database) -> None:
    await send(database, beat(50))
    await send(database, beat(20, scroll_count=9))
    visits = await rows(database, "SELECT seconds, scroll_count FROM visits")
    assert visits == [{"seconds": 50, "scroll_count": 9}]
    assert await closed(database) == []


async def test_visits_that_fell_silent_are_closed_once(database: Database) -> None:
    await send(database, beat(10), beat(10, person="ben"), beat(65, person="cem", on=1))
    at = START + timedelta(seconds=75)

    async def close() -> int:
        async with database.service() as connection:
            return await presence.close_stale(connection, at, settings=SETTINGS)

    assert sum(await asyncio.gather(close(), close())) == 2
    assert await close() == 0
    assert len(await closed(database)) == 2
    assert len(await rows(database, "SELECT * FROM visits")) == 1


async def test_counters_start_again_with_the_persons_own_day(database: Database) -> None:
    await send(database, beat(1))
    async with database.service() as connection:
        await connection.execute("UPDATE people SET zone = 'Europe/Berlin', zone_source = 'person'")
    await send(database, beat(2))
    async with database.service() as connection:
        await connection.execute(
            "UPDATE ambient_presence_states SET quick_access_count_today = 2, inline_help_count_today = 3"
        )
    asked = (
        "SELECT counters_day, quick_access_count_today AS q, inline_help_count_today AS i FROM ambient_presence_states"
    )
    # 23:30 in Berlin, a minute later still the same day
    await send(database, beat(60))
    assert await rows(database, asked) == [{"counters_day": date(2026, 3, 1), "q": 2, "i": 3}]
    await send(database, beat(1900))
    assert await rows(database, asked) == [{"counters_day": date(2026, 3, 2), "q": 0, "i": 0}]


async def test_groups_of_the_same_people_in_any_order_do_not_block_each_other(database: Database) -> None:
    people = [f"p{number}" for number in range(40)]

    async def server(turn: int) -> None:
        for number in range(10):
            second = 10 * number + turn
            beats = [beat(second, person=person, page=page) for person in people for page in ("a", "b")]
            await send(database, *(beats if turn % 2 else beats[::-1]))

    await asyncio.gather(*(server(turn) for turn in range(4)))
    assert len(await rows(database, "SELECT * FROM visits")) == 80
    assert await closed(database) == []
