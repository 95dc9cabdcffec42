"""Counting a group of events, as columns: lock their people, claim their ids, store them, update state.

The one path for requests and imports alike; only the size of the group differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import polars as pl
from psycopg.sql import Composed

from tactful.kernel.errors import Conflict
from tactful.store import rollup
from tactful.store.steps import Pour, Say, Steps
from tactful.store.sums import sums

INSTANT = pl.Datetime("us", "UTC")

# A group: people and zones are resolved, and what an event says in numbers is worked out.
GROUP: dict[str, Any] = {
    "number": pl.Int64,
    "organisation_id": pl.Int64,
    "person_id": pl.Int64,
    "zone": pl.String,
    "id": pl.String,
    "kind": pl.String,
    "occurred_at": INSTANT,
    "content_id": pl.String,
    "skill_id": pl.String,
    "topic": pl.String,
    "properties": pl.String,
    "completed": pl.Boolean,
    "score": pl.Float64,
    "sentiment": pl.Float64,
    "seconds": pl.Float64,
}

KEYS = ["organisation_id", "id"]
SUBJECT = ["content_id", "skill_id", "topic"]
EVENTS = ["organisation_id", "person_id", "id", "kind", "occurred_at", "received_at", *SUBJECT, "properties"]

# From here on it is cheaper to hope that no id is known, and to look only where one is.
HOPEFUL = 100

ENSURE = "SELECT ensure_partition(parent, month) FROM unnest(%s::text[], %s::date[]) AS w (parent, month)"

# People are locked in order of id, so that groups wait for each other and never in a circle.
ROWS = """
INSERT INTO person_state (person_id, organisation_id, changed_at, next_due_at)
SELECT w.person_id, w.organisation_id, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS w (person_id, organisation_id)
 WHERE NOT EXISTS (SELECT 1 FROM person_state p WHERE p.person_id = w.person_id)
 ORDER BY w.person_id ON CONFLICT (person_id) DO NOTHING
"""
LOCK = """
SELECT count(*) FROM (SELECT 1 FROM person_state WHERE person_id = ANY(%s) ORDER BY person_id FOR NO KEY UPDATE) locked
"""

# An id counts once within its organisation; a second copy on another server waits here for the first.
CLAIM = """
INSERT INTO event_keys (organisation_id, id, received_at)
SELECT organisation_id, id, %s FROM unnest(%s::bigint[], %s::text[]) AS w (organisation_id, id)
    ON CONFLICT DO NOTHING RETURNING organisation_id, id
"""


def count(group: pl.DataFrame, *, now: datetime) -> Steps[pl.DataFrame]:
    """Count a GROUP, whose ids are all different; answers the part that had not been counted before."""
    if group.is_empty():
        return group
    yield from room(group["occurred_at"])
    group = group.sort("person_id", "occurred_at")
    # Whoever comes after us waits while the people are locked: what can be made ready before, is.
    ready = Ready.of(group, now)
    yield from _lock(group, now)
    fresh = yield from _claim(group, now)
    if not fresh.is_empty():
        yield from (ready if fresh is group else Ready.of(fresh, now)).write()
    return fresh


@dataclass(frozen=True, slots=True)
class Ready:
    """What a group of events brings to the database."""

    events: bytes
    state: Composed

    @classmethod
    def of(cls, group: pl.DataFrame, now: datetime) -> "Ready":
        """Of a GROUP in order of people and time."""
        written = group.with_columns(pl.col("occurred_at").cast(pl.String), received_at=pl.lit(now.isoformat()))
        return cls(csv(written.select(EVENTS)), rollup.bring_up_to_date(sums(group), now))

    def write(self) -> Steps[None]:
        """Store the events and bring all state up to date."""
        yield Pour(_copy("events", EVENTS), self.events)
        yield Say(self.state)


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as COPY wants it."""
    buffer = BytesIO()
    frame.write_csv(buffer, include_header=False)
    return buffer.getvalue()


def _copy(table: str, columns: Iterable[str]) -> str:
    return f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT csv)"


def room(instants: pl.Series) -> Steps[None]:
    """Make sure that there are partitions for these days (UTC), whatever they are called locally."""
    days = instants.dt.date().unique().to_list()
    events, local = _months(days, 0), _months(days, -1, 1)
    yield Say(ENSURE, (["events"] * len(events) + ["person_day"] * len(local), events + local))


def _months(days: Iterable[date], *shifts: int) -> list[date]:
    return sorted({(day + timedelta(days=shift)).replace(day=1) for day in days for shift in shifts})


def _lock(group: pl.DataFrame, now: datetime) -> Steps[None]:
    people = group.select("person_id", "organisation_id").unique("person_id").sort("person_id")
    ids = people["person_id"].to_list()
    yield Say(ROWS, (now, now, ids, people["organisation_id"].to_list()))
    (locked,) = yield Say(LOCK, (ids,))
    if locked["count"] < len(ids):
        raise Conflict("Somebody was erased while this was being counted; send it again.")


def _claim(group: pl.DataFrame, now: datetime) -> Steps[pl.DataFrame]:
    # In one order everywhere, so that two servers with the same ids never wait in a circle.
    keys = group.select(*KEYS, pl.lit(now.isoformat()).alias("received_at")).sort(KEYS)
    if group.height >= HOPEFUL:
        known = yield Pour(_copy("event_keys", keys.columns), csv(keys), unless_known=True)
        if not known:
            return group
    rows = yield Say(CLAIM, (now, keys["organisation_id"].to_list(), keys["id"].to_list()))
    if len(rows) == group.height:
        return group
    fresh = pl.DataFrame(rows, schema={name: GROUP[name] for name in KEYS}, orient="row")
    return group.join(fresh, on=KEYS, how="semi", maintain_order="left")
