"""`tactful doctor`: what is wrong with this installation, and what to do about each finding."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from tactful.bootstrap import Place, place, read_settings
from tactful.deliver import language_model
from tactful.deliver.language_model.settings import MODEL, PROVIDER
from tactful.kernel.clock import Clock, SystemClock
from tactful.kernel.errors import NotReady, TactfulError
from tactful.kernel.settings import Settings
from tactful.store import valkey
from tactful.store.database import Database
from tactful.store.migrate import head
from tactful.store.running.condition import Condition, condition
from tactful.store.security import IDENTITY_TABLES, ROLES, Role
from tactful.store.settings import LATE_MINUTES, WORKER_SILENCE

OLDEST = 150000
SKEW_ALLOWED = timedelta(seconds=5)
DISK_LOW = 2 * 1024**3


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
    findings = [Finding("tactful", version("tactful")), _words(settings)]
    try:
        with place(settings) as where:
            findings += _database(where, settings, (clock or SystemClock()).now())
            findings.append(_valkey(where))
            findings += _disk(where)
    except TactfulError as error:
        findings.append(Finding("start", "failed", error.detail))
    return findings


def _database(where: Place, settings: Settings, now: datetime) -> Iterator[Finding]:
    try:
        found = condition(Database(where.database_url, role_secret=where.role_secret))
    except NotReady as error:
        told = f"Check store.database_url and that the server runs: {error.detail}"
        yield Finding("postgresql", "does not answer", told)
        return
    yield Finding("postgresql", found.version, "" if found.number >= OLDEST else "Move to PostgreSQL 15 or newer.")
    yield _clock(found, now)
    if found.migration is None and not found.bypassing:
        advice = "Nothing was started here yet: run `tactful up`, or `tactful migrate` for roles and tables alone."
        yield Finding("migrations", "none", advice)
        return
    yield _zone(found)
    yield Finding(
        "migrations",
        found.migration or "none",
        "" if found.migration == head() else f"Run `tactful migrate` to reach {head()}.",
    )
    yield _series(found)
    for role in ROLES:
        yield _role(found, role)
    yield _sight(found)
    yield _tick(found, now - timedelta(minutes=settings[LATE_MINUTES]))
    yield _worker(found, now - timedelta(seconds=settings[WORKER_SILENCE]))
    yield _passes(found)


def _clock(found: Condition, now: datetime) -> Finding:
    skew = abs(found.clock - now)
    advice = "" if skew <= SKEW_ALLOWED else "Synchronise the clocks of this machine and the database's (NTP)."
    return Finding("clock skew", f"{skew.total_seconds():.3f} s", advice)


def _zone(found: Condition) -> Finding:
    if found.zone is None:
        return Finding("time zone", "not known", "Let service_role log in first.")
    advice = (
        "A pooler drops what connections ask for; see docs/guides/your-own-postgresql.md, "
        "or set the database's own: ALTER DATABASE ... SET timezone = 'UTC'."
    )
    return Finding("time zone", found.zone, "" if found.zone in ("UTC", "Etc/UTC") else advice)


def _series(found: Condition) -> Finding:
    made = [name for name, kind in found.series.items() if kind == "hypertable"]
    neither = [name for name, kind in found.series.items() if kind == "neither"]
    if neither:
        advice = (
            f"What is old is not dropped of {', '.join(neither)}: restore once more, between timescaledb_pre_restore() "
            "and timescaledb_post_restore(); see docs/guides/your-own-postgresql.md."
        )
        return Finding("timescaledb", "tables without partitions or chunks", advice)
    if made:
        return Finding("timescaledb", f"{found.timescaledb}; hypertables: {', '.join(made)}")
    if found.timescaledb is None:
        return Finding("timescaledb", "not available; native partitions are used")
    if found.timescaledb == "(not created)":
        return Finding("timescaledb", "available, not created in this database; native partitions are used")
    told = "not used: the tables were made without it, and stay in native partitions"
    return Finding("timescaledb", f"{found.timescaledb}, {told}")


def _role(found: Condition, role: Role) -> Finding:
    if role not in found.bypassing:
        return Finding(
            f"role {role}", "missing", "Run `tactful migrate`, or let an administrator run what `tactful roles` prints."
        )
    if found.bypassing[role] != (role == "service_role"):
        word, right = ("must", "BYPASSRLS") if role == "service_role" else ("must not", "NOBYPASSRLS")
        advice = f"It {word} bypass row security: let an administrator run ALTER ROLE {role} {right}."
        return Finding(f"role {role}", "wrong rights", advice)
    advice = "Set the same store.role_secret everywhere, then `tactful migrate`."
    known = role in found.logging_in
    return Finding(f"role {role}", "logs in" if known else "cannot log in", "" if known else advice)


def _sight(found: Condition) -> Finding:
    if found.blind is None:
        return Finding("row security", "knows who asks")
    advice = "; ".join(f"ALTER POLICY {name}_owner ON {name} TO {found.blind}" for name in IDENTITY_TABLES)
    return Finding("row security", "knows nobody", f"The owner of the tables has changed; as their owner: {advice}.")


def _tick(found: Condition, since: datetime) -> Finding:
    if not found.ticking:
        return Finding("last tick", "none yet", "Run `tactful migrate`, then `tactful up` or `tactful worker`.")
    last = found.last_tick
    if last is None:
        return Finding(
            "last tick", "none yet", "Start a worker: `tactful up`, `tactful worker`, or `tactful tick` from cron."
        )
    advice = (
        "" if last >= since else "No worker seems to run; start `tactful worker` or a cron job with `tactful tick`."
    )
    return Finding("last tick", f"{last:%Y-%m-%d %H:%M} UTC", advice)


def _worker(found: Condition, since: datetime) -> Finding:
    if not found.queued:
        return Finding("worker", "none yet")
    heard = found.worker_heard
    if heard is None:
        return Finding("worker", "none")
    # Whoever stops in order signs off.
    told = "It was killed, or this was restored from a backup; start `tactful up` or `tactful worker`."
    advice = "" if heard >= since else told
    return Finding("worker", f"last heard of {heard:%Y-%m-%d %H:%M} UTC", advice)


def _passes(found: Condition) -> Finding:
    if not found.stopped:
        return Finding("passes", "none stands still")
    advice = "The worker's log says why; `tactful passes` how far they are, and `tactful passes --now NAME` goes on."
    return Finding("passes", f"not finished for more than a day: {found.stopped}", advice)


def _valkey(where: Place) -> Finding:
    try:
        return Finding("valkey", valkey.about(where.redis_url))
    except NotReady as error:
        return Finding("valkey", "does not answer", f"Check store.redis_url and that the server runs: {error.detail}")


def _words(settings: Settings) -> Finding:
    if not language_model.wanted(settings):
        return Finding("live words", "templates")
    missing = language_model.missing(settings)
    if missing:
        return Finding("live words", "templates alone", f"{missing} Or set llm.provider to off.")
    return Finding("live words", f"templates, and {settings[MODEL]} of {settings[PROVIDER]}")


def _disk(where: Place) -> Iterator[Finding]:
    if where.folder is None:
        return
    free = shutil.disk_usage(where.folder.path).free
    advice = "" if free >= DISK_LOW else f"Make room on the disk of {where.folder.path}, or move embedded.data_dir."
    yield Finding("free disk", f"{free / 1024**3:.1f} GiB", advice)
