"""Counting a group of events, as columns: claim their ids, store them, lock their people, update state.

The one path for requests and imports alike; only the size of the group differs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from tactful.facts.streaks import REST_DAYS
from tactful.kernel.errors import Conflict
from tactful.store.copying import pour
from tactful.store.sensed import attempts, rollup
from tactful.store.sensed.newcomers import welcome
from tactful.store.sensed.rest import OWN, Rest, organisations
from tactful.store.sensed.sums import Sums, sums
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
SUBJECT = ["content_id", "skill_id", "topic"]
EVENTS = ["organisation_id", "person_id", "id", "kind", "occurred_at", "received_at", *SUBJECT, "properties"]

# From so many events on it is cheaper to hope that no id is known, and to look only where one is;
# and to treat newcomers apart.
LARGE = 100

ENSURE = "SELECT ensure_partition(parent, month) FROM unnest(%s::text[], %s::date[]) AS w (parent, month)"

# People are locked in order of id, so that groups wait for each other and never in a circle.
ROWS = """
INSERT INTO person_state (person_id, organisation_id, changed_at, next_due_at)
SELECT w.person_id, w.organisation_id, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS w (person_id, organisation_id)
 WHERE NOT EXISTS (SELECT 1 FROM person_state p WHERE p.person_id = w.person_id)
 ORDER BY w.person_id ON CONFLICT (person_id) DO NOTHING RETURNING person_id
"""
LOCK = f"""
SELECT count(*), {OWN} AS rest
  FROM (SELECT 1 FROM person_state WHERE person_id = ANY(%s) ORDER BY person_id FOR NO KEY UPDATE) locked
"""

# An id counts once within its organisation; a second copy on another server waits here for the first.
CLAIM = """
INSERT INTO event_keys (organisation_id, id, received_at)
SELECT organisation_id, id, %s FROM unnest(%s::bigint[], %s::text[]) AS w (organisation_id, id)
    ON CONFLICT DO NOTHING RETURNING organisation_id, id
"""


def count(
    group: pl.DataFrame, *, now: datetime, large: int = LARGE, rest_days: int = REST_DAYS.default
) -> Steps[pl.DataFrame]:
    """Count a GROUP, whose ids are all different; answers the part that had not been counted before.

    large: from how many events on it is treated as a large group. rest_days: of organisations with none of their own.
    """
    if group.is_empty():
        return group
    yield from room(group["occurred_at"])
    group = group.sort("person_id", "occurred_at")
    ready = Ready.of(group, now)
    fresh = yield from _claim(group, now, hopeful=group.height >= large)
    if not fresh.is_empty():
        ready = ready if fresh is group else Ready.of(fresh, now)
        yield ready.events
        # Only now are people locked: whoever comes after us waits for what is left, and no longer.
        newcomers, rest = yield from _lock(fresh, now, Rest(rest_days))
        yield from ready.write(newcomers if group.height >= large else [], now, rest)
    return fresh


@dataclass(frozen=True, slots=True)
class Ready:
    """What a group of events brings to the database."""

    events: Pour
    sums: Sums
    attempts: pl.DataFrame

    @classmethod
    def of(cls, group: pl.DataFrame, now: datetime) -> "Ready":
        """Of a GROUP in order of people and time."""
        stored = pour("events", group.with_columns(_received(now)).select(EVENTS))
        return cls(stored, sums(group), attempts.attempts(group))

    def write(self, newcomers: list[int], now: datetime, rest: Rest) -> Steps[None]:
        """Bring all state up to date; that of newcomers without looking for what was there."""
        first, more = self.sums.split(newcomers)
        if not first.people.is_empty():
            yield from welcome(first, now, rest)
        if not more.people.is_empty():
            yield Say(rollup.bring_up_to_date(more, now, rest))
        yield from attempts.follow(self.attempts, newcomers, now)


def room(instants: pl.Series) -> Steps[None]:
    """Make sure that there are partitions for these days (UTC), whatever they are called locally."""
    days = instants.dt.date().unique().to_list()
    events, local = _months(days, 0), _months(days, -1, 1)
    yield Say(ENSURE, (["events"] * len(events) + ["person_day"] * len(local), events + local))


def _months(days: Iterable[date], *shifts: int) -> list[date]:
    return sorted({(day + timedelta(days=shift)).replace(day=1) for day in days for shift in shifts})


def _lock(group: pl.DataFrame, now: datetime, rest: Rest) -> Steps[tuple[list[int], Rest]]:
    """Lock everybody in the group; answers those who have no history yet, and how many days off are allowed."""
    people = group.select("person_id", "organisation_id").unique("person_id").sort("person_id")
    ids = people["person_id"].to_list()
    made = yield Say(ROWS, (now, now, ids, people["organisation_id"].to_list()))
    (locked,) = yield Say(LOCK, (organisations(group), ids))
    if locked["count"] < len(ids):
        raise Conflict("Somebody was erased while this was being counted; send it again.")
    return [row["person_id"] for row in made], rest.with_own(locked["rest"])


def _received(now: datetime) -> pl.Expr:
    # As text: the same instant in every row need not be written anew for each.
    return pl.lit(now.isoformat()).alias("received_at")


def _claim(group: pl.DataFrame, now: datetime, *, hopeful: bool) -> Steps[pl.DataFrame]:
    # In one order everywhere, so that two servers with the same ids never wait in a circle.
    keys = group.select(KEYS).sort(KEYS)
    if hopeful:
        known = yield pour("event_keys", keys.with_columns(_received(now)), unless_known=True)
        if not known:
            return group
    rows = yield Say(CLAIM, (now, keys["organisation_id"].to_list(), keys["id"].to_list()))
    if len(rows) == group.height:
        return group
    fresh = pl.DataFrame(rows, schema={name: GROUP[name] for name in KEYS}, orient="row")
    return group.join(fresh, on=KEYS, how="semi", maintain_order="left")
