"""Partitions come into being with the first row of their time, whoever else wants them at that moment."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.kernel.records import Event
from tactful.store.database import AsyncConnection, Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.conftest import ROLE_SECRET

ENSURE = "SELECT ensure_partition('events', '2031-05-17')"
NAMES = """
SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
 WHERE i.inhparent = 'events'::regclass ORDER BY c.relname
"""
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


async def test_two_who_want_the_same_month_at_once_both_get_it(database: Database) -> None:
    async with database.service() as second:
        async with database.service() as first:
            await first.execute(ENSURE)
            waiting = asyncio.create_task(second.execute(ENSURE))
            while not await _blocks_somebody(first):
                await asyncio.sleep(0.01)
        await waiting
    async with database.service() as connection:
        found = await connection.execute("SELECT count(*) AS n FROM pg_class WHERE relname = 'events_203105'")
        assert await found.fetchone() == {"n": 1}


async def _blocks_somebody(connection: AsyncConnection) -> bool:
    found = await connection.execute(
        "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))) AS b"
    )
    row = await found.fetchone()
    return row is not None and bool(row["b"])


def count(database: Database, *instants: datetime, now: datetime = NOW) -> None:
    """Count an event of ana at each instant."""
    rows = [
        ("acme", Event(id=f"{at:%Y%m%dT%H%M}", person="ana", kind="visit", occurred_at=at, properties={}))
        for at in instants
    ]
    with database.batch() as connection:
        run(connection, count_rows(rows, now=now))


def names(database: Database) -> list[str]:
    with database.batch() as connection:
        return [row["name"] for row in connection.execute(NAMES).fetchall()]


@pytest.fixture(params=["America/New_York", "Europe/Berlin"])
def abroad(closed_database: Database, request: pytest.FixtureRequest) -> Database:
    """A database whose sessions are somewhere else unless they say otherwise."""
    name = str(conninfo_to_dict(closed_database.owner_url)["dbname"])
    with psycopg.connect(closed_database.owner_url, autocommit=True) as owner:
        owner.execute(
            sql.SQL("ALTER DATABASE {} SET timezone = {}").format(sql.Identifier(name), sql.Literal(request.param))
        )
    return closed_database


def test_a_month_begins_and_ends_in_utc_wherever_the_database_is(abroad: Database) -> None:
    midnights = [datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3, 4, 7, 11)]
    count(abroad, *(at + timedelta(hours=shift) for at in midnights for shift in (-2, 0, 2)))
    with abroad.batch() as connection:
        found = connection.execute("SELECT tableoid::regclass::text AS name, occurred_at FROM events").fetchall()
    assert {row["name"] for row in found} == {f"events_{row['occurred_at']:%Y%m}" for row in found}
    assert len(found) == 18


def test_whoever_asks_for_a_month_from_another_zone_gets_it_in_utc(abroad: Database) -> None:
    plain = make_conninfo(abroad.url("service_role"), options="")
    with psycopg.connect(plain, autocommit=True) as connection:
        assert connection.execute("SHOW timezone").fetchone() != ("UTC",)
        connection.execute("SELECT ensure_partition('events', '2026-03-01')")
        connection.execute("SET timezone = 'UTC'")
        told = connection.execute("SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'events_202603'")
        assert told.fetchone() == ("FOR VALUES FROM ('2026-03-01 00:00:00+00') TO ('2026-04-01 00:00:00+00')",)


def test_every_connection_is_in_utc(abroad: Database) -> None:
    for role in ("authenticated", "operator", "service_role"):
        with psycopg.connect(abroad.url(role)) as connection:
            assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    with psycopg.connect(abroad.owner_url) as connection:
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)
    with abroad.columns() as columns, columns.cursor() as cursor:
        cursor.execute("SELECT current_setting('timezone')")
        assert cursor.fetchone() == ("UTC",)


@pytest.fixture
def usual(closed_database: Database) -> Iterator[Database]:
    """The database as it is unless the setting says otherwise."""
    database = Database(closed_database.owner_url, role_secret=ROLE_SECRET)
    yield database
    database.close_batches()


def test_events_from_all_times_make_few_tables(closed_database: Database, usual: Database) -> None:
    everything = [datetime(1970 + month // 12, month % 12 + 1, 15, tzinfo=UTC) for month in range(56 * 12 + 11)]
    count(usual, *everything)
    with closed_database.batch() as connection:
        row = connection.execute("SELECT extract(year FROM now())::int AS year").fetchone()
    assert row is not None
    assert set(names(closed_database)) == {f"events_{_span(at, row['year'])}" for at in everything}
    assert len(names(closed_database)) <= 1 + 26 + 23
    with closed_database.batch() as connection:
        assert connection.execute("SELECT count(*) AS n FROM events").fetchone() == {"n": len(everything)}


def _span(at: datetime, year: int) -> str:
    if at.year < 2000:
        return "before"
    return f"{at:%Y}" if at.year < year - 1 else f"{at:%Y%m}"


def test_a_year_that_began_by_months_goes_on_by_months(closed_database: Database) -> None:
    ask = "SELECT ensure_partition('events', %s)"
    with closed_database.batch() as connection:
        connection.execute("SET LOCAL tactful.monthly_years = 20")
        connection.execute(ask, [date(2015, 3, 1)])
        connection.execute("SET LOCAL tactful.monthly_years = 1")
        for day in (date(2015, 3, 31), date(2015, 11, 7), date(2014, 11, 7)):
            connection.execute(ask, [day])
        connection.execute("SET LOCAL tactful.monthly_years = 20")
        connection.execute(ask, [date(2014, 2, 1)])
    assert names(closed_database) == ["events_2014", "events_201503", "events_201511"]


def test_how_many_years_go_by_months_is_a_setting(closed_database: Database, usual: Database) -> None:
    count(closed_database, datetime(2012, 5, 1, tzinfo=UTC))
    count(usual, datetime(2011, 5, 1, tzinfo=UTC))
    assert names(closed_database) == ["events_2011", "events_201205"]
