"""Ticks: each at most once, one at a time, gone on with where a process died."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import Connection

# Held for the length of a tick: see `store.alone`.
NAME = "tick"


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick as the store knows it. cursor: everybody up to this person id is done.

    own_upto: what organisations had set for themselves up to this number (`store.described.own`) held in it.
    """

    id: int
    at: datetime
    scope: str
    cursor: int
    finished: bool
    own_upto: int = 0


def begin(
    connection: Connection,
    *,
    at: datetime,
    scope: str,
    policy: str,
    configuration: tuple[str, dict[str, Any]],
    own_upto: int = 0,
) -> Tick:
    """The tick of this instant and scope, new or as it was left. configuration: (print, body)."""
    name, body = configuration
    connection.execute(
        "INSERT INTO configurations (print, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, Jsonb(body))
    )
    new = connection.execute(
        """INSERT INTO ticks (at, scope, policy, configuration, own_upto) VALUES (%s, %s, %s, %s, %s)
           ON CONFLICT (at, scope) WHERE scope NOT IN ('ask','help','live') AND abandoned_at IS NULL DO NOTHING
           RETURNING id, at, scope, cursor, false AS finished, own_upto""",
        (at, scope, policy, name, own_upto),
    ).fetchone()
    row = (
        new
        or connection.execute(
            """SELECT id, at, scope, cursor, finished_at IS NOT NULL AS finished, own_upto FROM ticks
                WHERE at = %s AND scope = %s AND abandoned_at IS NULL""",
            (at, scope),
        ).fetchone()
    )
    assert row is not None
    return Tick(**{**row, "at": at})


# Under the tick lock, so whatever is unfinished has died. The same tick under other rules is given up too:
# its row says which rules its decisions were made by.
GIVE_UP = """
WITH died AS (
  SELECT *, at >= %(at)s - %(young)s AND (policy, configuration) = (%(policy)s, %(configuration)s) AS fit
    FROM ticks WHERE finished_at IS NULL AND abandoned_at IS NULL AND scope NOT IN ('ask','help','live')
                 AND at <= %(at)s),
newest AS (SELECT DISTINCT ON (scope) id FROM died WHERE fit ORDER BY scope, at DESC)
UPDATE ticks t SET abandoned_at = clock_timestamp() FROM died d
 WHERE t.id = d.id AND NOT EXISTS (SELECT FROM newest n WHERE n.id = d.id)
"""
DIED = """
SELECT id, at, scope, cursor, false AS finished, own_upto FROM ticks
 WHERE finished_at IS NULL AND abandoned_at IS NULL AND scope NOT IN ('ask','help','live') AND at <= %s ORDER BY at, id
"""


def died(connection: Connection, *, at: datetime, young: timedelta, policy: str, configuration: str) -> list[Tick]:
    """Ticks that died and are to be gone on with, oldest first; the others are marked abandoned.

    Gone on with is the newest of each scope, if it is about no more than `young` before `at` and was
    decided by the same rules; what organisations had set for themselves then goes on to hold in it. Only for who holds
    the tick lock. configuration: its print.
    """
    rules = {"policy": policy, "configuration": configuration}
    connection.execute(GIVE_UP, {"at": at, "young": young, **rules})
    return [Tick(**row) for row in connection.execute(DIED, (at,))]


def advance(connection: Connection, tick: Tick, *, cursor: int, people: int, reached: int) -> None:
    """Note that everybody up to `cursor` is done; part of the transaction that did them."""
    connection.execute(
        "UPDATE ticks SET cursor = greatest(cursor, %s), people = people + %s, reached = reached + %s WHERE id = %s",
        (cursor, people, reached, tick.id),
    )


LOOKED = """
INSERT INTO looked_hours (organisation_id, hour, moments)
SELECT w.organisation, date_trunc('hour', %s::timestamptz, 'UTC'), w.people
  FROM unnest(%s::bigint[], %s::bigint[]) AS w (organisation, people) ORDER BY w.organisation
    ON CONFLICT (organisation_id, hour) DO UPDATE SET moments = looked_hours.moments + excluded.moments
"""


def looked(connection: Connection, tick: Tick, people: Mapping[int, int]) -> None:
    """Note how many people of each organisation were looked at; part of the transaction that did."""
    connection.execute(LOOKED, (tick.at, list(people), list(people.values())))


def finish(connection: Connection, tick: Tick) -> None:
    """Note that the tick is complete; a second time changes nothing."""
    connection.execute(
        "UPDATE ticks SET finished_at = clock_timestamp() WHERE id = %s AND finished_at IS NULL", (tick.id,)
    )


def boundary(connection: Connection, *, after: int, size: int) -> int | None:
    """The last person id of the next `size` people after `after`; None when there are no more."""
    row = connection.execute(
        """SELECT max(person_id) AS upto
             FROM (SELECT person_id FROM person_state WHERE person_id > %s ORDER BY person_id LIMIT %s) p""",
        (after, size),
    ).fetchone()
    return None if row is None else row["upto"]


# What was set otherwise between the last tick that was finished and this one.
WOKEN = """
SELECT DISTINCT organisation_id FROM own_settings
 WHERE area = 'settings' AND id <= %(upto)s AND id > coalesce((
       SELECT own_upto FROM ticks
        WHERE at <= %(at)s AND id <> %(id)s AND scope NOT IN ('ask','help','live') AND abandoned_at IS NULL
          AND finished_at IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1), 0)
 ORDER BY organisation_id
"""


def woken(connection: Connection, tick: Tick) -> tuple[int, ...]:
    """Organisations all of whose people a tick has to look at: since the last one they have set something otherwise."""
    values = {"upto": tick.own_upto, "at": tick.at, "id": tick.id}
    return tuple(row["organisation_id"] for row in connection.execute(WOKEN, values))


def due_boundary(connection: Connection, *, at: datetime, woken: Sequence[int] = ()) -> int | None:
    """The last person id whose moment has come; None when nobody's has. woken: see `moments.Scope`."""
    # Through all people only where there is anybody to find.
    theirs = ", (SELECT max(person_id) FROM person_state WHERE organisation_id = ANY(%(woken)s))" if woken else ""
    row = connection.execute(
        f"""SELECT greatest((SELECT max(person_id) FROM person_state WHERE next_due_at <= %(at)s),
                            (SELECT max(user_id) FROM intervention_logs
                              WHERE state = 'deferred' AND due_at <= %(at)s){theirs}) AS upto""",
        {"at": at, "woken": list(woken)},
    ).fetchone()
    return None if row is None else row["upto"]
