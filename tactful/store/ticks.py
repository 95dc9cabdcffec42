"""Ticks: each at most once, one at a time, resumed where a process died."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from tactful.store.database import Connection, Database

# Held for the length of a tick, across all processes; any constant will do.
TICK_LOCK = 7_221_430_912


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick as the store knows it. cursor: everybody up to this person id is done."""

    id: int
    at: datetime
    scope: str
    cursor: int
    finished: bool


@contextmanager
def alone(database: Database) -> Iterator[bool]:
    """Hold the tick lock; false when another process holds it. Freed by the database if we die."""
    with psycopg.connect(database.url("service_role"), autocommit=True) as connection:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (TICK_LOCK,)).fetchone()
        yield bool(row and row[0])


def begin(
    connection: Connection, *, at: datetime, scope: str, policy: str, configuration: tuple[str, dict[str, Any]]
) -> Tick:
    """The tick of this instant and scope, new or as it was left. configuration: (print, body)."""
    name, body = configuration
    connection.execute(
        "INSERT INTO configurations (print, body) VALUES (%s, %s) ON CONFLICT DO NOTHING", (name, Jsonb(body))
    )
    new = connection.execute(
        """INSERT INTO ticks (at, scope, policy, configuration) VALUES (%s, %s, %s, %s)
           ON CONFLICT (at, scope) WHERE scope <> 'ask' DO NOTHING
           RETURNING id, at, scope, cursor, false AS finished""",
        (at, scope, policy, name),
    ).fetchone()
    row = (
        new
        or connection.execute(
            "SELECT id, at, scope, cursor, finished_at IS NOT NULL AS finished FROM ticks WHERE at = %s AND scope = %s",
            (at, scope),
        ).fetchone()
    )
    assert row is not None
    return Tick(**{**row, "at": at})


def advance(connection: Connection, tick: Tick, *, cursor: int, people: int, reached: int) -> None:
    """Note that everybody up to `cursor` is done; part of the transaction that did them."""
    connection.execute(
        "UPDATE ticks SET cursor = greatest(cursor, %s), people = people + %s, reached = reached + %s WHERE id = %s",
        (cursor, people, reached, tick.id),
    )


def finish(connection: Connection, tick: Tick) -> None:
    """Note that the tick is complete."""
    connection.execute("UPDATE ticks SET finished_at = clock_timestamp() WHERE id = %s", (tick.id,))


def boundary(connection: Connection, *, after: int, size: int) -> int | None:
    """The last person id of the next `size` people after `after`; None when there are no more."""
    row = connection.execute(
        """SELECT max(person_id) AS upto
             FROM (SELECT person_id FROM person_state WHERE person_id > %s ORDER BY person_id LIMIT %s) p""",
        (after, size),
    ).fetchone()
    return None if row is None else row["upto"]


def due_boundary(connection: Connection, *, at: datetime) -> int | None:
    """The last person id whose moment has come; None when nobody's has."""
    row = connection.execute(
        """SELECT greatest((SELECT max(person_id) FROM person_state WHERE next_due_at <= %s),
                           (SELECT max(user_id) FROM intervention_logs
                             WHERE state = 'deferred' AND due_at <= %s)) AS upto""",
        (at, at),
    ).fetchone()
    return None if row is None else row["upto"]
