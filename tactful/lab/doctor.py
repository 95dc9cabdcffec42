"""`tactful doctor`: what is wrong with this installation, and what to do about each finding."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any

import psycopg
import redis

from tactful.bootstrap import Place, place, read_settings
from tactful.kernel.clock import Clock, SystemClock
from tactful.kernel.errors import TactfulError
from tactful.kernel.settings import Settings
from tactful.store.database import Database, words
from tactful.store.migrate import head
from tactful.store.security import ROLES

SKEW_ALLOWED = timedelta(seconds=5)
DISK_LOW = 2 * 1024**3
SLEEPY_TICK = timedelta(minutes=15)
SILENT_WORKER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. advice: what to do, empty when all is well."""

    part: str
    found: str
    advice: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.advice


def examine(settings: Settings | None = None, *, clock: Clock | None = None) -> list[Finding]:
    """Look at everything. A part that cannot be reached is a finding, not an error."""
    settings = settings if settings is not None else read_settings()
    findings = [Finding("tactful", version("tactful"))]
    try:
        with place(settings) as where:
            findings += _database(where, (clock or SystemClock()).now())
            findings += _valkey(where)
            findings += _disk(where)
    except TactfulError as error:
        findings.append(Finding("start", "failed", error.detail))
    return findings


def _database(where: Place, now: datetime) -> Iterator[Finding]:
    try:
        with psycopg.connect(where.database_url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
            yield _server(connection)
            yield _clock(connection, now)
            yield _migration(connection)
            yield _extension(connection)
            yield from _roles(connection, where)
            yield _tick(connection, now)
            yield _worker(connection, now)
    except psycopg.OperationalError as error:
        yield Finding(
            "postgresql", "does not answer", f"Check store.database_url and that the server runs: {words(error)}"
        )


def _one(connection: Any, query: str, *values: Any) -> Any:
    return next(iter(connection.execute(query, values).fetchone().values()))


def _server(connection: Any) -> Finding:
    number = connection.info.server_version
    advice = "" if number >= 150000 else "Move to PostgreSQL 15 or newer."
    return Finding("postgresql", str(_one(connection, "SHOW server_version")), advice)


def _clock(connection: Any, now: datetime) -> Finding:
    skew = abs(_one(connection, "SELECT clock_timestamp()") - now)
    advice = "" if skew <= SKEW_ALLOWED else "Synchronise the clocks of this machine and the database's (NTP)."
    return Finding("clock skew", f"{skew.total_seconds():.3f} s", advice)


def _migration(connection: Any) -> Finding:
    known = _one(connection, "SELECT to_regclass('alembic_version')::text")
    have = _one(connection, "SELECT version_num FROM alembic_version") if known else "none"
    return Finding("migrations", str(have), "" if have == head() else f"Run `tactful migrate` to reach {head()}.")


def _extension(connection: Any) -> Finding:
    found = connection.execute(
        "SELECT name, installed_version FROM pg_available_extensions WHERE name = 'timescaledb'"
    ).fetchone()
    told = (
        "not available; native partitions are used"
        if found is None
        else f"available {found['installed_version'] or '(not created)'}"
    )
    return Finding("timescaledb", told)


def _roles(connection: Any, where: Place) -> Iterator[Finding]:
    bypass = {
        row["rolname"]: row["rolbypassrls"] for row in connection.execute("SELECT rolname, rolbypassrls FROM pg_roles")
    }
    database = Database(where.database_url, role_secret=where.role_secret)
    for role in ROLES:
        if role not in bypass:
            yield Finding(f"role {role}", "missing", "Run `tactful migrate` as a user who may create roles.")
            continue
        if bypass[role] != (role == "service_role"):
            word = "must" if role == "service_role" else "must not"
            yield Finding(
                f"role {role}", "wrong rights", f"It {word} bypass row security: ALTER ROLE {role} ...BYPASSRLS."
            )
            continue
        try:
            psycopg.connect(database.url(role), connect_timeout=10).close()
        except psycopg.OperationalError:
            yield Finding(
                f"role {role}", "cannot log in", "Set the same store.role_secret everywhere, then `tactful migrate`."
            )
        else:
            yield Finding(f"role {role}", "logs in")


def _tick(connection: Any, now: datetime) -> Finding:
    if not _one(connection, "SELECT to_regclass('ticks')::text"):
        return Finding("last tick", "none yet", "Run `tactful migrate`, then `tactful up` or `tactful worker`.")
    last = _one(connection, "SELECT max(finished_at) FROM ticks WHERE scope <> 'ask'")
    if last is None:
        return Finding(
            "last tick", "none yet", "Start a worker: `tactful up`, `tactful worker`, or `tactful tick` from cron."
        )
    advice = (
        ""
        if now - last <= SLEEPY_TICK
        else "No worker seems to run; start `tactful worker` or a cron job with `tactful tick`."
    )
    return Finding("last tick", f"{last:%Y-%m-%d %H:%M} UTC", advice)


def _worker(connection: Any, now: datetime) -> Finding:
    if not _one(connection, "SELECT to_regclass('procrastinate_workers')::text"):
        return Finding("worker", "none yet")
    heard = _one(connection, "SELECT max(last_heartbeat) FROM procrastinate_workers")
    if heard is None:
        return Finding("worker", "none")
    # Whoever stops in order signs off; only those that were killed are heard of no more.
    advice = "" if now - heard <= SILENT_WORKER else "A worker was killed; start `tactful worker` or `tactful up`."
    return Finding("worker", f"last heard of {heard:%Y-%m-%d %H:%M} UTC", advice)


def _valkey(where: Place) -> Iterator[Finding]:
    try:
        with redis.Redis.from_url(where.redis_url, socket_timeout=5) as client:
            info: Any = client.info("server")
            yield Finding(
                "valkey", f"{info.get('server_name', 'redis')} {info.get('valkey_version', info.get('redis_version'))}"
            )
    except redis.RedisError as error:
        yield Finding("valkey", "does not answer", f"Check store.redis_url and that the server runs: {words(error)}")


def _disk(where: Place) -> Iterator[Finding]:
    if where.folder is None:
        return
    free = shutil.disk_usage(where.folder.path).free
    advice = "" if free >= DISK_LOW else f"Make room on the disk of {where.folder.path}, or move embedded.data_dir."
    yield Finding("free disk", f"{free / 1024**3:.1f} GiB", advice)
