"""Beats: where people are, and the visits they make."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.facts.beats import Beat, Heard
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.sensed import presence
from tactful.store.sensed.presence import Row
from tactful.store.settings import VISIT_TIMEOUT
from tactful.store.steps import run
from tests.often import often

START = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
SETTINGS = Settings({VISIT_TIMEOUT.name: 60.0})


def beat(seconds: float, *, person: str = "ana", on: float | None = None, page: str = "lesson", **more: Any) -> Row:
    """A beat `seconds` after START, from a page opened `on` seconds before it."""
    at = START + timedelta(seconds=seconds)
    return "acme", Beat(person, page, at, time_on_page=seconds if on is None else on, **more)


async def send(database: Database, *beats: Row) -> None:
    async with database.service() as connection:
        assert await presence.write_group(connection, beats, now=START, settings=SETTINGS) == [Heard.OK] * len(beats)


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


async def test_a_page_opened_anew_is_another_visit_and_the_old_one_becomes_one_event(database: Database) -> None:
    await send(database, beat(10, content_id="c1", topic="t"), beat(30, content_id="c1", scroll_count=5))
    await send(database, beat(35, content_id="c1", on=2))
    assert await closed(database) == []
    await send(database, beat(92, content_id="c1", on=59))
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


async def test_a_tab_that_goes_on_after_a_silence_counts_no_second_twice(database: Database) -> None:
    await send(database, beat(600, on=600))
    await send(database, beat(695, on=695), beat(795, on=795))
    assert [event["properties"]["seconds"] for event in await closed(database)] == [600, 95]
    assert await rows(database, "SELECT seconds FROM visits") == [{"seconds": 100}]
    assert await rows(database, "SELECT seconds FROM person_day") == [{"seconds": 695}]


async def test_two_tabs_of_one_page_are_two_visits_that_share_the_time(database: Database) -> None:
    for second in range(0, 301, 10):
        await send(database, beat(second, on=600 + second))
        await send(database, beat(second + 3, on=5 + second))
    assert await closed(database) == []
    visits = await rows(database, "SELECT opened_at, time_on_page, seconds FROM visits ORDER BY opened_at")
    assert [visit["time_on_page"] for visit in visits] == [900, 305]
    assert [visit["seconds"] for visit in visits] == [600 + 30 * 7, 31 * 3]


async def test_time_on_two_pages_at_once_counts_once(database: Database) -> None:
    for second in range(10, 101, 10):
        await send(database, beat(second), beat(second, page="help"))
    assert await rows(database, "SELECT sum(seconds) AS seconds FROM visits") == [{"seconds": 100}]


async def test_a_tab_whose_time_stands_still_while_hidden_stays_one_visit(database: Database) -> None:
    on = [10, 20, 20, 20, 20, 30]
    for number, seconds in enumerate(on):
        await send(database, beat(10 * (number + 1), on=seconds))
    assert await rows(database, "SELECT seconds, time_on_page FROM visits") == [{"seconds": 30, "time_on_page": 30}]


async def test_beats_that_never_tell_their_time_are_one_visit(database: Database) -> None:
    for second in range(0, 100, 10):
        await send(database, beat(second, on=0))
    assert await rows(database, "SELECT seconds FROM visits") == [{"seconds": 0}]


# When, how long the page had been open, and whether it is the other page.
BEATS = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 900), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=often(150))
@given(groups=st.lists(BEATS, min_size=1, max_size=5))
def test_the_time_told_is_never_more_than_went_by(
    groups: list[list[tuple[int, int, bool]]], module_database: Database
) -> None:
    with module_database.batch() as connection:
        for group in groups:
            beats = [beat(at, on=on, page="other" if other else "lesson") for at, on, other in group]
            run(connection, presence.write(beats, now=START, settings=SETTINGS))
        told = connection.execute(
            """SELECT (SELECT coalesce(sum(seconds), 0) FROM visits)
                    + (SELECT coalesce(sum((properties ->> 'seconds')::float8), 0) FROM events) AS seconds"""
        ).fetchone()
        connection.rollback()
    times = [at for group in groups for at, _, _ in group]
    first, on = min((at, on) for at, on, _ in groups[0])
    longest = max(on for at, on, _ in groups[0] if at == first)
    assert told is not None
    assert told["seconds"] <= max(times) - first + max(on, longest) + 1e-6


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
