"""Visits that their pages name: their time counts once, in whatever order and however often its beats come."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.facts.beats import Heard
from tactful.store.database import Connection, Database
from tactful.store.sensed import presence
from tactful.store.sensed.presence import Row
from tactful.store.steps import run
from tests.often import often
from tests.store.sensed.test_presence import SETTINGS, START, beat, rows, send

SECONDS = """
SELECT (SELECT coalesce(sum(seconds), 0) FROM visits)
     + (SELECT coalesce(sum((properties ->> 'seconds')::float8), 0) FROM events) AS seconds
"""


@pytest.fixture
def connection(module_database: Database) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with module_database.batch() as connection:
        yield connection
        connection.rollback()


def tell(connection: Connection, *groups: Sequence[Row]) -> float:
    """Send beats in these groups, one after the other, after forgetting all others; the time that was counted [s]."""
    connection.execute("DELETE FROM people")
    connection.execute("DELETE FROM events")
    connection.execute("DELETE FROM event_keys")
    for group in groups:
        run(connection, presence.write(list(group), now=START, settings=SETTINGS))
    found = connection.execute(SECONDS).fetchone()
    assert found is not None
    return float(found["seconds"])


def seen(spells: list[tuple[int, int]], visit: str = "v1", *, start: int = 0, page: str = "lesson") -> list[Row]:
    """The beats of a page that is hidden and in sight for these seconds in turn: ten seconds apart, and as it hides."""
    beats: list[Row] = []
    at, on = start, 0
    for hidden, visible in spells:
        at += hidden
        for second in sorted({*range(0, visible, 10), visible}):
            beats.append(beat(at + second, on=on + second, visit=visit, seq=len(beats), page=page))
        at, on = at + visible, on + visible
    return beats


SPELLS = st.lists(st.tuples(st.integers(0, 200), st.integers(1, 60)), min_size=1, max_size=4)


@settings(max_examples=often(80))
@given(spells=SPELLS, data=st.data())
def test_a_visit_counts_the_same_in_any_order_split_and_sent_twice(
    spells: list[tuple[int, int]], data: st.DataObject, module_database: Database
) -> None:
    beats = seen(spells)
    again = data.draw(st.lists(st.sampled_from(beats), max_size=6))
    order = data.draw(st.permutations(beats + again))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(order)), max_size=4)))
    groups = [order[first:last] for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True)]
    with module_database.batch() as connection:
        once = tell(connection, *([one] for one in beats))
        assert once == pytest.approx(sum(visible for _, visible in spells))
        assert tell(connection, *groups) == pytest.approx(once)
        connection.rollback()


@settings(max_examples=often(60))
@given(visits=st.lists(st.tuples(st.integers(0, 300), SPELLS, st.booleans()), min_size=2, max_size=3), data=st.data())
def test_the_time_of_several_pages_is_never_more_than_went_by(
    visits: list[tuple[int, list[tuple[int, int]], bool]], data: st.DataObject, module_database: Database
) -> None:
    beats = [
        one
        for number, (start, spells, other) in enumerate(visits)
        for one in seen(spells, f"v{number}" if number else "", start=start, page="other" if other else "lesson")
    ]
    order = data.draw(st.permutations(beats))
    cut = data.draw(st.integers(0, len(order)))
    times = [(one.at - START).total_seconds() for _, one in beats]
    # One that tells its time by the clock of its page says that it was opened later than it was.
    first = min(time - one.time_on_page for time, (_, one) in zip(times, beats, strict=True))
    with module_database.batch() as connection:
        assert tell(connection, order[:cut], order[cut:]) <= max(times) - first + 1e-3
        connection.rollback()


def test_pages_one_after_the_other_count_fully_though_the_first_was_offline(connection: Connection) -> None:
    first, second = seen([(0, 60)]), seen([(0, 40)], "v2", start=60, page="other")
    assert tell(connection, first, second) == pytest.approx(100)
    assert tell(connection, second, first) == pytest.approx(100)
    assert tell(connection, second, first[::-1], second, first) == pytest.approx(100)


def test_two_pages_side_by_side_share_the_time(connection: Connection) -> None:
    first, second = seen([(0, 60)]), seen([(0, 60)], "v2", page="other")
    turns = [[one] for pair in zip(first, second, strict=True) for one in pair]
    assert tell(connection, *turns) == pytest.approx(60)
    assert tell(connection, first, second) == pytest.approx(60)


def test_a_late_visit_counts_nothing_of_time_that_beats_without_names_told(connection: Connection) -> None:
    plain = [beat(second, on=second) for second in range(0, 101, 10)]
    late = seen([(0, 30)], start=20, page="other")
    assert tell(connection, plain, late) == pytest.approx(100)
    silence = [beat(400, on=0)]
    assert tell(connection, plain, silence, late) == pytest.approx(100)


async def test_a_late_beat_leaves_people_where_they_are(database: Database) -> None:
    await send(database, *seen([(0, 40)], "new", start=100, page="new"))
    await send(database, *seen([(0, 40)], "old", page="old"))
    [state] = await rows(database, "SELECT current_page, last_seen_at FROM ambient_presence_states")
    assert state == {"current_page": "new", "last_seen_at": START + timedelta(seconds=140)}


async def test_a_beat_that_was_overtaken_changes_nothing_of_its_page(database: Database) -> None:
    await send(database, beat(50, on=40, visit="v1", seq=4, scroll_count=9))
    await send(database, beat(51, on=20, visit="v1", seq=2, scroll_count=1))
    [state] = await rows(database, "SELECT time_on_page, scroll_count, seq FROM ambient_presence_states")
    assert state == {"time_on_page": 40, "scroll_count": 9, "seq": 4}


async def test_a_page_that_was_left_takes_nobody_back_to_it(database: Database) -> None:
    await send(database, beat(10, on=10, visit="v1", seq=1))
    await send(database, beat(20, on=0, visit="v2", page="next"))
    await send(database, beat(21, on=20, visit="v1", seq=2, final=True))
    [state] = await rows(database, "SELECT current_page, page_left FROM ambient_presence_states")
    assert state == {"current_page": "next", "page_left": False}
    assert (await rows(database, SECONDS))[0]["seconds"] == pytest.approx(20)


async def test_the_last_beat_sent_twice_is_one_visit_also_once_it_is_over(database: Database) -> None:
    last = beat(30, on=30, visit="v1", seq=3, final=True)
    await send(database, beat(10, visit="v1", seq=1), last, last)

    async def close(seconds: float) -> int:
        async with database.service() as connection:
            return await presence.close_stale(connection, START + timedelta(seconds=seconds), settings=SETTINGS)

    assert await close(100) == 1
    await send(database, last)
    assert await close(1000) == 0
    [visit] = await rows(database, "SELECT properties FROM events")
    assert visit["properties"] == {
        "page": "lesson", "seconds": 30.0, "scroll_count": 0, "mouse_hesitations": 0, "visit_id": "v1",
    }  # fmt: skip


async def follow(database: Database, word: str, **changes: Any) -> list[Heard]:
    """What becomes of a beat once the person has said this word (true, false or null) to being followed."""
    async with database.service() as connection:
        await connection.execute(
            "UPDATE people SET consent = jsonb_strip_nulls(%s::jsonb)", (f'{{"presence": {word}}}',)
        )
        return await presence.write_group(connection, [beat(60)], now=START, settings=SETTINGS.replace(**changes))


async def test_nobody_is_followed_who_said_no(database: Database) -> None:
    await send(database, beat(10))
    assert await follow(database, "false") == [Heard.NO_CONSENT]
    [state] = await rows(database, "SELECT last_seen_at FROM ambient_presence_states")
    assert state["last_seen_at"] == START + timedelta(seconds=10)
    assert await follow(database, "null") == [Heard.OK]


async def test_where_people_are_asked_first_nobody_is_followed_who_was_not(database: Database) -> None:
    asked = {"store__presence_consent": False}
    async with database.service() as connection:
        settings = SETTINGS.replace(**asked)
        told = await presence.write_group(connection, [beat(1, person="new")], now=START, settings=settings)
    assert told == [Heard.NO_CONSENT]
    assert await rows(database, "SELECT * FROM people") == []
    await send(database, beat(10))
    assert await follow(database, "null", **asked) == [Heard.NO_CONSENT]
    assert await follow(database, "true", **asked) == [Heard.OK]
