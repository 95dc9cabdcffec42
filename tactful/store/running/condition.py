"""The condition a database is in, as far as it can be told from outside: what the doctor looks at."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tactful.kernel.errors import NotReady
from tactful.store.database import Connection, Database, words
from tactful.store.hypertables import series
from tactful.store.security import ROLES, Role
from tactful.store.tables import metadata

# How long a connection may take; seconds.
PATIENCE = 10
SERVER = """
SELECT current_setting('server_version') AS version, clock_timestamp() AS clock,
       to_regclass('alembic_version') IS NOT NULL AS migrated, to_regclass('ticks') IS NOT NULL AS ticking,
       to_regclass('procrastinate_workers') IS NOT NULL AS queued, to_regclass('passes') IS NOT NULL AS passing,
       to_regprocedure('hypertables()') IS NOT NULL AS telling,
       coalesce((SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'),
                (SELECT '(not created)' FROM pg_available_extensions WHERE name = 'timescaledb')) AS timescaledb
"""
# The time series of live sessions, and what each is. Before the first migration there are none.
SERIES = """
SELECT relname AS name, CASE WHEN relkind = 'p' THEN 'partitioned'
                             WHEN relname IN (SELECT hypertables()) THEN 'hypertable' ELSE 'neither' END AS kind
  FROM pg_class WHERE relname = ANY(%s) AND relnamespace = 'public'::regnamespace ORDER BY relname
"""
BYPASSING = "SELECT rolname, rolbypassrls FROM pg_roles WHERE rolname = ANY(%s)"
# Who row security asks for the identity of others has to be able to read who there is.
BLIND = """
SELECT min(r.rolname) AS name FROM pg_proc f JOIN pg_roles r ON r.oid = f.proowner
 CROSS JOIN unnest(ARRAY['organisations', 'people']) AS t (name)
 WHERE f.proname IN ('current_organisation', 'current_person') AND f.pronamespace = 'public'::regnamespace
   AND NOT (r.rolsuper OR r.rolbypassrls)
   AND NOT EXISTS (SELECT FROM pg_policies p
                    WHERE p.tablename = t.name AND p.policyname = t.name || '_owner' AND r.rolname = ANY(p.roles))
"""
MIGRATION = "SELECT max(version_num) AS name FROM alembic_version"
LAST_TICK = "SELECT max(finished_at) AS at FROM ticks WHERE scope NOT IN ('ask','help','live')"
# The newest pass of each name that was begun long enough ago to be finished, and was not.
STOPPED = """
SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') AS names
  FROM (SELECT DISTINCT ON (name) * FROM passes ORDER BY name, id DESC) p
 WHERE finished_at IS NULL AND started_at < clock_timestamp() - interval '1 day'
"""
LAST_HEARD = "SELECT max(last_heartbeat) AS at FROM procrastinate_workers"


@dataclass(frozen=True, slots=True)
class Condition:
    """What was found. Times are aware UTC; None where there is nothing to be found."""

    version: str
    # Like 180001 for 18.1.
    number: int
    clock: datetime
    migration: str | None
    # The version that was created in the database, or "(not created)"; None where the server has none.
    timescaledb: str | None
    # The time series of live sessions, each with what it is: partitioned, hypertable, neither.
    series: dict[str, str]
    # Whether each role that exists is past row security, and which ones log in with our passwords.
    bypassing: dict[str, bool]
    logging_in: frozenset[Role]
    # Of sessions as `service_role`; None when it cannot log in.
    zone: str | None
    # The owner of row security's functions, if it may not read who there is.
    blind: str | None
    # Whether there are tables of ticks and of jobs.
    ticking: bool
    queued: bool
    last_tick: datetime | None
    worker_heard: datetime | None
    # Names of passes that were begun more than a day ago and not finished.
    stopped: str


def condition(database: Database) -> Condition:
    """Look at a database as its owner and as each role. raises: NotReady when the owner cannot get in."""
    with _owner(database) as connection:
        found = _one(connection, SERVER)
        known = {row["rolname"]: row["rolbypassrls"] for row in connection.execute(BYPASSING, (list(ROLES),))}
        zones = {role: zone for role in ROLES if role in known and (zone := _zone(database, role)) is not None}
        ticking = found["ticking"] and "service_role" in zones
        return Condition(
            version=found["version"],
            number=connection.info.server_version,
            clock=found["clock"],
            migration=_one(connection, MIGRATION)["name"] if found["migrated"] else None,
            timescaledb=found["timescaledb"],
            series=_series(connection) if found["telling"] else {},
            bypassing=known,
            logging_in=frozenset(zones),
            zone=zones.get("service_role"),
            blind=_one(connection, BLIND)["name"],
            ticking=found["ticking"],
            queued=found["queued"],
            # Row security hides the rows from an owner who is not superuser.
            last_tick=_as_service(database, LAST_TICK)["at"] if ticking else None,
            worker_heard=_one(connection, LAST_HEARD)["at"] if found["queued"] else None,
            stopped=_as_service(database, STOPPED)["names"] if ticking and found["passing"] else "",
        )


@contextmanager
def _owner(database: Database) -> Iterator[Connection]:
    try:
        with psycopg.connect(database.owner_url, autocommit=True, row_factory=dict_row) as connection:
            yield connection
    except psycopg.OperationalError as error:
        raise NotReady(words(error)) from error


def _series(connection: Connection) -> dict[str, str]:
    names = [table.name for table in series(metadata)]
    return {row["name"]: row["kind"] for row in connection.execute(SERIES, (names,))}


def _zone(database: Database, role: Role) -> str | None:
    try:
        with psycopg.connect(database.url(role), connect_timeout=PATIENCE) as connection:
            row = connection.execute("SELECT current_setting('timezone')").fetchone()
    except psycopg.OperationalError:
        return None
    return None if row is None else str(row[0])


def _as_service(database: Database, query: str) -> dict[str, Any]:
    with psycopg.connect(database.url("service_role"), row_factory=dict_row) as connection:
        return _one(connection, query)


def _one(connection: Connection, query: str) -> dict[str, Any]:
    row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row
