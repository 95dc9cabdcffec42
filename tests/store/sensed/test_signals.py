"""Signals of live audiences: counted once, in their own second, with who is there."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.facts.audiences import LiveSession, Signal
from tactful.facts.engagement import USUAL
from tactful.kernel.errors import Conflict, NotFound
from tactful.store.database import Database
from tactful.store.described import live_sessions, organisations
from tactful.store.sensed import seconds
from tactful.store.sensed.signals import Counted, Result, count_signals
from tactful.store.steps import run, run_async
from tests.often import often

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SUMS = "joins, leaves, chats, reactions, votes, questions, hands, attention_count"


def signal(second: float, kind: str = "chat", who: str | None = "ana", *, id: str | None = None, **more: Any) -> Signal:
    """What somebody did `second` s after START."""
    session = more.pop("session", "keynote")
    name = id or f"{session} {second} {kind} {who}"
    return Signal(name, session, kind, START + timedelta(seconds=second), who, **more)


async def opened(database: Database, *names: str, organisation: str = "acme") -> None:
    """Live sessions that have just started."""
    async with database.service() as connection:
        await organisations.ensure(connection, organisation)
        whose = await organisations.number(connection, organisation)
        for name in names or ("keynote",):
            await live_sessions.add(connection, whose, LiveSession(name, "conference"))
            await live_sessions.start(connection, whose, name, at=START, usual=lambda _: USUAL)


async def send(database: Database, *told: Signal, organisation: str = "acme", most: int = 100) -> Sequence[Result]:
    async with database.service() as connection:
        now = START + timedelta(minutes=1)
        steps = count_signals([(organisation, each) for each in told], now=now, most=most)
        return await run_async(connection, steps)


async def rows(database: Database, statement: str) -> list[dict[str, Any]]:
    async with database.service() as connection:
        return await (await connection.execute(statement)).fetchall()


async def viewers(database: Database) -> int:
    [row] = await rows(database, "SELECT viewers FROM live_counts")
    return int(row["viewers"])


async def test_each_second_has_its_sums(database: Database) -> None:
    await opened(database)
    told = await send(
        database,
        signal(0, "join"), signal(0.4, "chat"), signal(0.9, "reaction"), signal(1.2, "chat"),
        signal(1.5, "attention", value=0.5), signal(1.6, "attention", value=0.7, who="ben"),
        signal(1.7, "hand_raised"), signal(1.8, "question"), signal(1.9, "poll_vote"),
    )  # fmt: skip
    assert told == [Counted.NEW] * 9
    found = await rows(database, f"SELECT at, {SUMS}, attention_sum FROM live_seconds ORDER BY at")
    names = [name.strip() for name in SUMS.split(",")]
    assert [[row[name] for name in names] for row in found] == [[1, 0, 1, 1, 0, 0, 0, 0], [1, 0, 1, 0, 1, 1, 1, 2]]
    assert [row["at"] for row in found] == [START, START + timedelta(seconds=1)]
    assert found[1]["attention_sum"] == pytest.approx(1.2)


async def test_an_id_counts_once_in_its_session(database: Database) -> None:
    await opened(database, "keynote", "workshop")
    first = signal(1, id="1")
    assert await send(database, first, first) == [Counted.NEW, Counted.KNOWN]
    assert await send(database, first, signal(1, id="1", session="workshop")) == [Counted.KNOWN, Counted.NEW]
    [row] = await rows(database, "SELECT sum(chats) AS chats, count(*) AS seconds FROM live_seconds")
    assert (row["chats"], row["seconds"]) == (2, 2)


async def test_a_retry_of_a_whole_request_adds_nothing(database: Database) -> None:
    await opened(database)
    told = [signal(second, "reaction", f"p{second}") for second in range(30)]
    await send(database, *told)
    before = await rows(database, "SELECT * FROM live_seconds ORDER BY at")
    assert await send(database, *told) == [Counted.KNOWN] * 30
    assert await rows(database, "SELECT * FROM live_seconds ORDER BY at") == before


async def test_who_is_there_is_who_did_not_leave(database: Database) -> None:
    await opened(database)
    await send(database, signal(0, "join", "ana"), signal(0, "join", "ben"), signal(1, "chat", "cleo"))
    assert await viewers(database) == 3
    await send(database, signal(5, "leave", "ben"), signal(5, "leave", "ben", id="again"), signal(5, "leave", "zoe"))
    assert await viewers(database) == 2
    await send(database, signal(6, "join", "ben"), signal(7, "join", "ben"))
    assert await viewers(database) == 3


async def test_what_comes_late_changes_nobodys_presence_now(database: Database) -> None:
    await opened(database)
    await send(database, signal(0, "join"), signal(30, "leave"))
    await send(database, signal(20, "chat"))
    assert await viewers(database) == 0
    [row] = await rows(database, "SELECT chats FROM live_seconds WHERE chats > 0")
    assert row["chats"] == 1


async def test_audiences_may_be_told_as_numbers(database: Database) -> None:
    await opened(database)
    await send(database, signal(0, "join", None, count=500), signal(0, "reaction", None, count=40))
    await send(database, signal(3, "leave", None, count=120), signal(3, "join", "ana"))
    assert await viewers(database) == 381
    await send(database, signal(4, "leave", None, count=9_000))
    assert await viewers(database) == 1
    [row] = await rows(database, "SELECT sum(reactions) AS reactions FROM live_seconds")
    assert row["reactions"] == 40


async def test_of_a_flood_a_little_is_heard_and_others_are_heard_in_full(database: Database) -> None:
    await opened(database)
    flood = [signal(2 + n / 1000, id=str(n)) for n in range(500)]
    await send(database, *flood, *(signal(2, "chat", f"p{n}") for n in range(8)), most=5)
    [row] = await rows(database, "SELECT chats FROM live_seconds")
    assert row["chats"] == 5 + 8
    [row] = await rows(database, "SELECT count(*) AS stored FROM signals")
    assert row["stored"] == 508


async def test_unknown_and_ended_sessions_are_refused_and_others_of_the_group_are_not(database: Database) -> None:
    await opened(database, "keynote", "over")
    async with database.service() as connection:
        whose = await organisations.number(connection, "acme")
        await live_sessions.end(connection, whose, "over", at=START - timedelta(hours=1))
    unknown, ended, fine = await send(
        database, signal(1, session="nowhere"), signal(1, session="over"), signal(1, session="keynote")
    )
    assert isinstance(unknown, NotFound)
    assert unknown.fields == ["session_id"]
    assert isinstance(ended, Conflict)
    assert fine is Counted.NEW


async def test_what_was_on_its_way_at_the_end_counts_and_what_came_after_does_not(database: Database) -> None:
    await opened(database)
    async with database.service() as connection:
        whose = await organisations.number(connection, "acme")
        await live_sessions.end(connection, whose, "keynote", at=START + timedelta(seconds=10))
    assert await send(database, signal(9), signal(11)) == [Counted.NEW, Counted.OUTSIDE]


async def test_another_organisations_session_is_unknown(database: Database) -> None:
    await opened(database, organisation="zenith")
    await opened(database, "other")
    [told] = await send(database, signal(1))
    assert isinstance(told, NotFound)


async def test_numbers_have_no_gaps_and_readers_miss_nothing_while_many_write(database: Database) -> None:
    await opened(database, "keynote", "workshop")
    writing = [
        send(database, *(signal(n % 7, "chat", f"p{n}", session=name) for name in ("keynote", "workshop")),
             signal(n % 7, "hand_raised", f"p{n}"))
        for n in range(40)
    ]  # fmt: skip
    seen: dict[int, int] = {}

    def news(known: dict[int, int]) -> pl.DataFrame:
        with database.batch() as connection:
            return seconds.news(connection, known, since=START)

    whole: dict[tuple[int, datetime], int] = {}

    async def read() -> None:
        ids = [row["live_session_id"] for row in await rows(database, "SELECT live_session_id FROM live_counts")]
        found = await asyncio.to_thread(news, {each: seen.get(each, 0) for each in ids})
        for row in found.iter_rows(named=True):
            whole[row["live_session_id"], row["at"]] = row["chats"] + row["hands"]
            seen[row["live_session_id"]] = max(row["seq"], seen.get(row["live_session_id"], 0))

    for start in range(0, 40, 8):
        await asyncio.gather(*writing[start : start + 8], read())
    await read()
    assert sum(whole.values()) == 120
    numbers = await rows(database, "SELECT live_session_id, seq FROM signals ORDER BY live_session_id, seq")
    by_session: dict[int, list[int]] = {}
    for row in numbers:
        by_session.setdefault(row["live_session_id"], []).append(row["seq"])
    assert [sorted(each) for each in by_session.values()] == [list(range(1, 81)), list(range(1, 41))]


KINDS = st.sampled_from(["join", "leave", "chat", "reaction"])
# When, what and who; no two at the same instant, whose order nobody could tell.
TOLD = st.lists(
    st.tuples(st.integers(0, 60), KINDS, st.sampled_from(["ana", "ben", "cleo"])),
    min_size=1, max_size=25, unique_by=lambda each: each[0],
)  # fmt: skip
SETUP = """
WITH o AS (INSERT INTO organisations (name, seed) VALUES ('acme', 1) ON CONFLICT (name) DO UPDATE SET seed = 1
           RETURNING id),
s AS (INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, state, started_at, seed)
      SELECT id, name, 'e', 'manual', 'live', %s, 1 FROM o, unnest(ARRAY['mixed', 'sorted']) AS name
      RETURNING id, organisation_id)
INSERT INTO live_counts (live_session_id, organisation_id) SELECT id, organisation_id FROM s
"""
WAYS = """
SELECT count(DISTINCT (present, last_at, first_at, chats, reactions)) AS ways FROM live_participants
 GROUP BY participant UNION ALL SELECT count(DISTINCT (viewers, seq)) FROM live_counts
 UNION ALL SELECT count(DISTINCT (chats, reactions)) FROM live_seconds GROUP BY at
"""


@settings(max_examples=often(60))
@given(told=TOLD, groups=st.integers(1, 5))
def test_order_and_grouping_change_nothing(
    told: list[tuple[int, str, str]], groups: int, module_database: Database
) -> None:
    def counted(session: str, each: list[tuple[int, str, str]]) -> None:
        signals = [("acme", signal(*one, session=session)) for one in each]
        if signals:
            run(connection, count_signals(signals, now=START + timedelta(minutes=2), most=100))

    with module_database.batch() as connection:
        connection.execute(SETUP, (START,))
        counted("sorted", sorted(told))
        for number in range(groups):
            counted("mixed", told[number::groups])
        ways = connection.execute(WAYS).fetchall()
        connection.rollback()
    assert {row["ways"] for row in ways} == {1}
