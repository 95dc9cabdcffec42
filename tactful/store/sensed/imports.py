"""Imports: event logs counted chunk by chunk, each in one transaction together with how far it came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.streaks import REST_DAYS
from tactful.store.database import Connection
from tactful.store.sensed import counting, resolve
from tactful.store.sensed.counting import GROUP, INSTANT
from tactful.store.sensed.resolve import Key
from tactful.store.steps import Steps, run

# What an import hands over: GROUP without our ids, with the product's own id of the person and the zone
# that their device told. Row numbers count from 1; ids may repeat.
LOG: dict[str, Any] = {
    "number": pl.Int64,
    "person": pl.String,
    "device_zone": pl.String,
    **{name: kind for name, kind in GROUP.items() if name not in ("number", "organisation_id", "person_id", "zone")},
}

assert LOG["occurred_at"] == INSTANT


@dataclass(frozen=True, slots=True)
class Import:
    """How far an import came. rows_done: rows of the file that are settled, rejected ones included.

    otherwise: whether the same file was read with another mapping, too.
    """

    id: int
    rows_done: int
    rows_rejected: int
    finished: bool
    otherwise: bool


def begin(connection: Connection, organisation: str, content: str, mapping: str) -> Import:
    """The import with these fingerprints of content and mapping: a new one, or the one to go on with."""
    tenants = run(connection, resolve.organisations([organisation]))
    row = connection.execute(
        """INSERT INTO imports (organisation_id, print) VALUES (%s, %s)
           ON CONFLICT (organisation_id, print) DO UPDATE SET print = excluded.print
           RETURNING id, rows_done, rows_rejected, finished_at, EXISTS (
               SELECT 1 FROM imports o WHERE o.organisation_id = imports.organisation_id AND o.id <> imports.id
                  AND starts_with(o.print, %s) AND o.rows_done > o.rows_rejected) AS otherwise""",
        (tenants[organisation].id, f"{content}:{mapping}", f"{content}:"),
    ).fetchone()
    assert row is not None
    finished = row["finished_at"] is not None
    return Import(row["id"], row["rows_done"], row["rows_rejected"], finished, row["otherwise"])


def alone(connection: Connection, log: Import, *, behind: int) -> bool:
    """Keep other processes from the same import until the transaction ends; False when one is at it.

    behind: the row the next one follows; another process that went on from there was at it, too.
    """
    row = connection.execute("SELECT pg_try_advisory_xact_lock(%s, %s) AS mine", (0x1A6, log.id)).fetchone()
    if row is None or not row["mine"]:
        return False
    # Only now: what another process wrote before it let go is seen by a statement of its own.
    done = connection.execute("SELECT rows_done FROM imports WHERE id = %s", (log.id,)).fetchone()
    return done is not None and bool(done["rows_done"] == behind)


def make_room(connection: Connection, log: pl.DataFrame) -> None:
    """Make partitions for a chunk. In a transaction of its own, so that nobody waits long for it."""
    run(connection, counting.room(log["occurred_at"]))


def write(
    connection: Connection, organisation: str, log: pl.DataFrame, *, zone: str | None, told: bool, now: datetime,
    rest_days: int = REST_DAYS.default,
) -> int:  # fmt: skip
    """Count a chunk of LOG; answers how many events were new.

    zone: for people who never said theirs. told: whether the log says itself in which zones devices were;
    zone is then for new people only whose devices did not say, so that it takes nobody back from where they were.
    rest_days: see `counting.count`.
    """
    log = log.select(*LOG)
    people = log["person"].unique().to_list()
    seen = _seen(log) if told else dict.fromkeys(people, zone)
    wanted = {(organisation, person): seen.get(person) for person in people}
    return run(connection, _write(log, wanted, zone, now, rest_days)).height


def advance(connection: Connection, log: Import, *, rows: int, rejected: int) -> None:
    """Note that the file is settled up to row `rows`, of which `rejected` were refused in all."""
    connection.execute("UPDATE imports SET rows_done = %s, rows_rejected = %s WHERE id = %s", (rows, rejected, log.id))


def finish(connection: Connection, log: Import, at: datetime) -> None:
    """Note that the file is done."""
    connection.execute("UPDATE imports SET finished_at = %s WHERE id = %s", (at, log.id))


def _seen(log: pl.DataFrame) -> dict[str, str]:
    """The zone that each person's device told last, of those who were told of one."""
    told = log.filter(pl.col("device_zone").is_not_null()).sort("occurred_at", maintain_order=True)
    return dict(told.unique("person", keep="last", maintain_order=True).select("person", "device_zone").iter_rows())


def _write(
    log: pl.DataFrame, wanted: Mapping[Key, str | None], zone: str | None, now: datetime, rest_days: int
) -> Steps[pl.DataFrame]:
    once = log.unique("id", keep="first", maintain_order=True)
    known = yield from resolve.people(wanted, newcomers=zone)
    found = pl.DataFrame(
        [(person, row.organisation_id, row.id, row.zone) for (_, person), row in known.items()],
        schema={"person": pl.String, "organisation_id": pl.Int64, "person_id": pl.Int64, "zone": pl.String},
        orient="row",
    )
    group = once.join(found, on="person").select(*GROUP)
    return (yield from counting.count(group, now=now, rest_days=rest_days))
