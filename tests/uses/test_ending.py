"""Live sessions that nobody ends are ended, each once, whoever else is at work on them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.kernel.settings import Settings
from tactful.sense.settings import LONGEST_HOURS
from tactful.store.database import Connection, Database
from tactful.store.described import live_sessions
from tactful.uses.rooms.ending import end_forgotten
from tests.living import one
from tests.rooms import NOW, live_session

BEGAN = NOW - timedelta(minutes=10)
LATER = BEGAN + timedelta(hours=24)
SOON = timedelta(microseconds=1)
# Waiting for somebody else for so long is waiting.
IMPATIENT = "SET LOCAL lock_timeout = '1s'"


def made(database: Database, name: str = "keynote", *, state: str = "live", ends_at: datetime | None = None) -> int:
    """A session that began at BEGAN."""
    with database.batch() as connection:
        number = live_session(connection, name, state=state)
        connection.execute("UPDATE live_sessions SET ends_at = %s WHERE id = %s", (ends_at, number))
    return number


def ended(database: Database, at: datetime = LATER, **values: Any) -> list[int]:
    """Those that were ended at an instant, without waiting for anybody."""
    with database.batch() as connection:
        connection.execute(IMPATIENT)
        return end_forgotten(connection, at, Settings(values))


@contextmanager
def somebody(database: Database) -> Iterator[Connection]:
    """Somebody else, who is at work until the block ends."""
    with database.batch() as connection:
        yield connection


def test_a_session_nobody_ends_is_ended_a_day_after_it_began(database: Database) -> None:
    number = made(database)
    assert ended(database, LATER - SOON) == []
    assert ended(database) == [number]
    assert one(database, "SELECT (state, ended_at) = ('ended', %s) FROM live_sessions", LATER)
    assert ended(database, LATER + timedelta(days=1)) == []
    assert one(database, "SELECT ended_at FROM live_sessions") == LATER


@pytest.mark.parametrize(("end", "counts"), [(timedelta(days=3), True), (timedelta(hours=-1), False)])
def test_a_planned_end_counts_where_it_is_later(database: Database, end: timedelta, counts: bool) -> None:
    number = made(database, ends_at=BEGAN + end)
    last = LATER + end if counts else LATER
    assert ended(database, last - SOON) == []
    assert ended(database, last) == [number]


def test_how_long_is_a_setting(database: Database) -> None:
    number = made(database)
    hours = {LONGEST_HOURS.name: 1.5}
    assert ended(database, BEGAN + timedelta(hours=1.5) - SOON, **hours) == []
    assert ended(database, BEGAN + timedelta(hours=1.5), **hours) == [number]


def test_those_that_are_planned_or_have_ended_stay_as_they_are(database: Database) -> None:
    for state in ("planned", "ended"):
        made(database, state, state=state)
    assert ended(database, LATER + timedelta(days=9)) == []
    assert one(database, "SELECT array_agg(state ORDER BY id) FROM live_sessions") == ["planned", "ended"]
    assert one(database, "SELECT ended_at FROM live_sessions WHERE state = 'ended'") == NOW


def test_each_is_ended_once_by_any_number_of_processes(database: Database) -> None:
    numbers = [made(database, f"session-{number}") for number in range(60)]
    with somebody(database) as other:
        assert end_forgotten(other, LATER, Settings({})) == numbers
        assert ended(database) == []
    assert ended(database) == []
    more = [made(database, f"more-{number}") for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        found = [number for some in threads.map(lambda _: ended(database), range(8)) for number in some]
    assert sorted(found + ended(database)) == more


def test_one_that_is_being_counted_for_is_ended_the_next_time_and_others_at_once(database: Database) -> None:
    busy, quiet = made(database, "busy"), made(database, "quiet")
    with somebody(database) as counting:
        counting.execute("SELECT 1 FROM live_counts WHERE live_session_id = %s FOR NO KEY UPDATE", (busy,))
        assert ended(database) == [quiet]
    assert ended(database) == [busy]


def test_one_that_is_ended_by_hand_meanwhile_ended_then(database: Database) -> None:
    made(database)
    with somebody(database) as organiser, ThreadPoolExecutor(1) as thread:
        values = {"at": LATER - SOON, "session": one(database, "SELECT id FROM live_sessions")}
        # The session alone, as if its counts had been let go of just now.
        organiser.execute(live_sessions.END, values)
        waiting = thread.submit(ended, database)
        waited(database)
        organiser.commit()
        assert waiting.result() == []
    assert one(database, "SELECT ended_at FROM live_sessions") == LATER - SOON


def test_one_that_is_planned_for_longer_meanwhile_goes_on(database: Database) -> None:
    made(database)
    with somebody(database) as organiser, ThreadPoolExecutor(1) as thread:
        organiser.execute("UPDATE live_sessions SET ends_at = %s", (LATER,))
        waiting = thread.submit(ended, database)
        waited(database)
        organiser.commit()
        assert waiting.result() == []
    assert one(database, "SELECT state FROM live_sessions") == "live"


def test_what_has_ended_is_not_looked_through(database: Database) -> None:
    made(database)
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, state, started_at, seed)
               SELECT organisation_id, 'old-' || n, 'conference', 'manual', 'ended', started_at, 1
                 FROM live_sessions, generate_series(1, 5000) AS n"""
        )
        connection.execute(
            """INSERT INTO live_counts (live_session_id, organisation_id)
               SELECT id, organisation_id FROM live_sessions WHERE state = 'ended'"""
        )
        values = {"at": LATER, "before": LATER}
        rows = connection.execute(f"EXPLAIN {live_sessions.END_FORGOTTEN}".encode(), values).fetchall()
    plan = "\n".join(row["QUERY PLAN"] for row in rows)
    assert "ix_live_sessions_live" in plan
    assert "Seq Scan on live_sessions" not in plan


def waited(database: Database) -> None:
    """Come back once somebody waits for somebody else."""
    for _ in range(2_000):
        if one(database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"):
            return
    raise AssertionError("nobody waits")
