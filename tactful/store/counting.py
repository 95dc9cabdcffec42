"""Counting a group of events, as columns: lock their people, claim their ids, store them, update state.

The one path for requests and imports alike; only the size of the group differs.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from tactful.store import rollup
from tactful.store.measures import SESSION_SILENCE
from tactful.store.steps import Pour, Say, Steps

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
SAID = ["completed", "score", "sentiment", "seconds"]
SUBJECT = ["content_id", "skill_id", "topic"]
EVENTS = ["organisation_id", "person_id", "id", "kind", "occurred_at", "received_at", *SUBJECT, "properties"]
STAGED = ["organisation_id", "person_id", "zone", "occurred_at", "skill_id", "run", *SAID]

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
    yield Say(rollup.STAGED)
    yield from _lock(group, now)
    fresh = yield from _claim(group.sort(KEYS), now)
    if not fresh.is_empty():
        written = _runs(fresh).with_columns(pl.col("occurred_at").cast(pl.String), received_at=pl.lit(now.isoformat()))
        yield Pour(_copy("events", EVENTS), csv(written.select(EVENTS)))
        yield Pour(_copy("pg_temp.staged_events", STAGED), csv(written.select(STAGED)))
        yield Say(rollup.bring_up_to_date(now, skills=fresh["skill_id"].null_count() < fresh.height))
    return fresh


def _runs(group: pl.DataFrame) -> pl.DataFrame:
    """`group` in order of people and time, with the number of the `run` each event belongs to."""
    ordered = group.sort("person_id", "occurred_at")
    begins = (
        (pl.col("person_id") != pl.col("person_id").shift()) | (pl.col("occurred_at").diff() > SESSION_SILENCE)
    ).fill_null(True)
    return ordered.with_columns(run=begins.cum_sum())


def csv(frame: pl.DataFrame) -> bytes:
    """A frame as COPY wants it."""
    return frame.write_csv(include_header=False).encode()


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
    yield Say(LOCK, (ids,))


def _claim(group: pl.DataFrame, now: datetime) -> Steps[pl.DataFrame]:
    if group.height >= HOPEFUL:
        keys = group.select(*KEYS, pl.lit(now.isoformat()).alias("received_at"))
        known = yield Pour(_copy("event_keys", keys.columns), csv(keys), unless_known=True)
        if not known:
            return group
    rows = yield Say(CLAIM, (now, group["organisation_id"].to_list(), group["id"].to_list()))
    if len(rows) == group.height:
        return group
    fresh = pl.DataFrame(rows, schema={name: GROUP[name] for name in KEYS}, orient="row")
    return group.join(fresh, on=KEYS, how="semi")
