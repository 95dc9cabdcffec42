"""Where TimescaleDB is there first, the time series are hypertables; in everything else they are as elsewhere."""

import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tactful.lab.doctor import Finding, examine
from tactful.store.database import Database
from tactful.store.hypertables import SCHEMA, series
from tactful.store.migrate import migrate
from tactful.store.running import housekeeping
from tactful.store.running.housekeeping import Retention
from tactful.store.tables import metadata
from tests.api.conftest import engine_settings
from tests.conftest import ROLE_SECRET, empty
from tests.hypertables.conftest import PGLITE, stand_in
from tests.living import one, rows
from tests.uses.rooms import room

SERIES = sorted(table.name for table in series(metadata))
KINDS = "SELECT relkind::text AS kind FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace"
# What can be said of a table, without saying whether it has partitions.
TOLD = {
    "columns": """
        SELECT concat_ws(' ', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                         pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relname = ANY(%s) AND a.attnum > 0""",
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE conrelid::regclass::text = ANY(%s)""",
    "indexes": "SELECT replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes WHERE tablename = ANY(%s)",
    "policies": """
        SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)
          FROM pg_policies WHERE tablename = ANY(%s)""",
    "row security and rights": """
        SELECT concat_ws(' ', relname, relrowsecurity, relforcerowsecurity, relacl) FROM pg_class
         WHERE relname = ANY(%s)""",
}
DIMENSIONS = "timescaledb_information.dimensions"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
KEEP = Retention(keys=400, ledger=400, jobs=30, signals=30, beliefs=400)


@pytest.fixture
def partitioned(database_url: str, extensions: Path) -> Iterator[Database]:
    """A database with TimescaleDB, where nobody wanted it."""
    with empty(database_url, f"tactful_refused_{os.getpid()}") as url:
        stand_in(url, extensions)
        database = Database(url, role_secret=ROLE_SECRET)
        migrate(database, role_secret=ROLE_SECRET, hypertables=False)
        yield database
        database.close_batches()


@pytest.fixture
def bare(database_url: str) -> Iterator[str]:
    """The address of a database without tables."""
    with empty(database_url, f"tactful_bare_{os.getpid()}") as url:
        yield url


@pytest.fixture
def look(redis_url: str) -> Callable[[Database], Finding]:
    """What the doctor says of TimescaleDB."""

    def looking(database: Database) -> Finding:
        told = {each.part: each for each in examine(engine_settings(database, redis_url))}
        return told["timescaledb"]

    return looking


def as_owner(url: str, statement: str) -> list[Any]:
    with psycopg.connect(url, autocommit=True) as owner:
        done = owner.execute(statement.encode())
        return [row[0] for row in done.fetchall()] if done.description else []


def kinds(database: Database) -> set[str]:
    return {row["kind"] for row in rows(database, KINDS, SERIES)}


def test_the_time_series_become_hypertables_and_nothing_else_does(closed_database: Database) -> None:
    assert SERIES == ["anomalies", "engagement", "interventions", "live_seconds", "signals"]
    assert [row["name"] for row in rows(closed_database, "SELECT hypertables() AS name")] == SERIES
    assert kinds(closed_database) == {"r"}
    made = "SELECT format('%s by %s every %s', hypertable_name, column_name, time_interval) FROM " + DIMENSIONS
    assert sorted(as_owner(closed_database.owner_url, made)) == [
        "anomalies by timestamp every 30 days",
        "engagement by at every 30 days",
        "interventions by timestamp every 30 days",
        "live_seconds by at every 1 day",
        "signals by at every 1 day",
    ]


def test_chunks_lie_in_a_schema_of_our_own(closed_database: Database) -> None:
    heard(closed_database, 0)
    if PGLITE:
        [*chunks] = as_owner(closed_database.owner_url, "SELECT show_chunks('signals')::text")
        assert len(chunks) == 1
        assert chunks[0].startswith(f"{SCHEMA}.")
        refused = pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"schema {SCHEMA}")
        with psycopg.connect(closed_database.url("operator")) as operator, refused:
            operator.execute(f"SELECT * FROM {chunks[0]}".encode())
    else:
        assert set(as_owner(closed_database.owner_url, "SELECT home FROM standin.hypertables")) == {SCHEMA}


@pytest.mark.parametrize("told", TOLD)
def test_hypertables_differ_from_partitioned_tables_in_nothing_else(
    closed_database: Database, partitioned: Database, told: str
) -> None:
    assert kinds(partitioned) == {"p"}
    found = [{tuple(row.values()) for row in rows(each, TOLD[told], SERIES)} for each in (closed_database, partitioned)]
    assert len(found[0]) >= len(SERIES) - 3 * (told == "constraints")
    assert found[0] == found[1]


def test_nobody_who_asks_may_look_into_chunks(closed_database: Database) -> None:
    may = "SELECT has_schema_privilege(%s, %s, 'usage, create')"
    assert [one(closed_database, may, role, SCHEMA) for role in ("authenticated", "operator")] == [False, False]


def test_hypertables_need_no_partitions_and_other_tables_still_do(closed_database: Database) -> None:
    for name in SERIES:
        rows(closed_database, "SELECT ensure_partition(%s, %s)", name, NOON.date())
    assert one(closed_database, "SELECT count(*) FROM pg_inherits") == 0
    rows(closed_database, "SELECT ensure_partition('decisions', %s)", NOON.date())
    assert one(closed_database, "SELECT to_regclass('decisions_202603') IS NOT NULL")
    with pytest.raises(psycopg.errors.RaiseException, match="people is not a partitioned table"):
        rows(closed_database, "SELECT ensure_partition('people', %s)", NOON.date())


def heard(database: Database, *days: int) -> None:
    """A signal, its second and its stretch on the noon of so many days before NOON."""
    session = room(database)
    with database.batch() as connection:
        for day in days:
            at = NOON - timedelta(days=day)
            for name in ("signals", "live_seconds", "engagement"):
                connection.execute("SELECT ensure_partition(%s, %s)", (name, at.date()))
            for statement in HEARD:
                connection.execute(statement, {"at": at, "session": session})


HEARD = (
    """INSERT INTO signals (organisation_id, live_session_id, seq, id, kind, at, received_at, count)
       SELECT organisation_id, id, 1, %(at)s::text, 'chat', %(at)s, %(at)s, 1
         FROM live_sessions WHERE id = %(session)s""",
    """INSERT INTO live_seconds (organisation_id, live_session_id, at, seq, viewers)
       SELECT organisation_id, id, %(at)s, 1, 1 FROM live_sessions WHERE id = %(session)s""",
    """INSERT INTO engagement (organisation_id, live_session_id, at, bin, viewers, signals)
       SELECT organisation_id, id, %(at)s, 1, 1, 1 FROM live_sessions WHERE id = %(session)s""",
)


def forget(database: Database, keep: Retention) -> dict[str, int]:
    """Drop what is old, as the nightly job does; how many chunks went of each table."""
    went = {}
    with database.batch() as connection:
        assert [table for table, _ in housekeeping.old_partitions(connection, at=NOON, keep=keep)] == []
        chunks = housekeeping.old_chunks(connection, at=NOON, keep=keep)
    for table, before in chunks:
        with database.batch() as connection:
            went[table] = housekeeping.drop_chunks(connection, table, before)
    with database.batch() as connection:
        housekeeping.count_partitioned(connection)
    return went


def test_what_is_old_goes_by_whole_chunks(closed_database: Database) -> None:
    heard(closed_database, 0, 29, 30, 31, 32, 399, 440)
    went = forget(closed_database, KEEP)
    assert went == {"anomalies": 0, "engagement": 1, "interventions": 0, "live_seconds": 4, "signals": 4}
    left = [row["at"] for row in rows(closed_database, "SELECT at FROM signals ORDER BY at DESC")]
    # The thirtieth day before has begun by noon, so its chunk is not over.
    assert left == [NOON - timedelta(days=day) for day in (0, 29, 30)]
    assert one(closed_database, "SELECT count(*) FROM live_seconds") == 3
    assert one(closed_database, "SELECT count(*) FROM engagement") == 6


def test_what_is_kept_for_ever_is_not_asked_for(closed_database: Database) -> None:
    heard(closed_database, 900)
    went = forget(closed_database, Retention(keys=400, ledger=400, jobs=30, signals=0, beliefs=10_000))
    assert went == {"anomalies": 0, "engagement": 0, "interventions": 0}
    assert one(closed_database, "SELECT count(*) FROM signals") == 1


def test_only_what_is_kept_for_a_time_loses_chunks(closed_database: Database) -> None:
    with pytest.raises(psycopg.errors.RaiseException, match="people is not kept for a time"):
        rows(closed_database, "SELECT drop_chunks_before('people', now())")
    may = "SELECT has_function_privilege(%s, 'drop_chunks_before(text, timestamptz)', 'execute')"
    assert [one(closed_database, may, role) for role in ("authenticated", "operator", "service_role")] == [
        False, False, True,
    ]  # fmt: skip


def test_the_doctor_names_hypertables(closed_database: Database, look: Callable[[Database], Finding]) -> None:
    [version] = as_owner(closed_database.owner_url, "SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'")
    assert look(closed_database) == Finding("timescaledb", f"{version}; hypertables: {', '.join(SERIES)}")


def test_timescaledb_that_is_not_wanted_is_left_alone(
    partitioned: Database, look: Callable[[Database], Finding]
) -> None:
    assert as_owner(partitioned.owner_url, "SELECT call FROM standin.calls") == []
    told = look(partitioned)
    assert told.well
    assert told.found.startswith("2.13.0, not used: the tables were made without it")


def test_timescaledb_that_comes_after_the_tables_changes_nothing(
    bare: str, extensions: Path, look: Callable[[Database], Finding]
) -> None:
    database = Database(bare, role_secret=ROLE_SECRET)
    migrate(database, role_secret=ROLE_SECRET)
    stand_in(bare, extensions)
    migrate(database, role_secret=ROLE_SECRET)
    assert kinds(database) == {"p"}
    heard(database, 0)
    assert one(database, "SELECT to_regclass('signals_202603') IS NOT NULL")
    assert "native partitions" in look(database).found
    database.close_batches()


def test_a_timescaledb_with_other_calls_is_not_used(bare: str, extensions: Path) -> None:
    stand_in(bare, extensions)
    [made] = as_owner(bare, "SELECT oid::regprocedure::text FROM pg_proc WHERE proname = 'create_hypertable'")
    as_owner(bare, f"ALTER EXTENSION timescaledb DROP FUNCTION {made}; DROP FUNCTION {made}")
    database = Database(bare, role_secret=ROLE_SECRET)
    migrate(database, role_secret=ROLE_SECRET)
    assert kinds(database) == {"p"}
    database.close_batches()


def test_the_doctor_notices_tables_that_are_neither(
    closed_database: Database, extensions: Path, look: Callable[[Database], Finding]
) -> None:
    as_owner(closed_database.owner_url, "DELETE FROM standin.hypertables WHERE relation = 'signals'::regclass")
    told = look(closed_database)
    assert not told.well
    assert "of signals:" in told.advice
    assert "timescaledb_post_restore()" in told.advice


REFUSED = {
    "already partitioned": "CREATE TABLE t (at timestamptz NOT NULL) PARTITION BY RANGE (at)",
    "unique index without": "CREATE TABLE t (id int PRIMARY KEY, at timestamptz NOT NULL)",
    "FOREIGN KEY constraints": "CREATE TABLE t (id int, at timestamptz, PRIMARY KEY (id, at));"
    "CREATE TABLE u (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES t)",
    "not empty": "CREATE TABLE t AS SELECT now() AS at",
}


@pytest.mark.parametrize("told", REFUSED)
def test_what_stands_in_refuses_what_timescaledb_refuses(closed_database: Database, told: str) -> None:
    if PGLITE and told.startswith("FOREIGN KEY"):
        pytest.skip("allowed from version 2.16 on")
    as_owner(closed_database.owner_url, REFUSED[told])
    with pytest.raises(psycopg.Error, match=re.escape(told)):
        as_owner(
            closed_database.owner_url, "SELECT create_hypertable('t', 'at', chunk_time_interval => interval '1 day')"
        )
