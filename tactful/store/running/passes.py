"""Passes: work about everybody, range by range of people; one of a name at a time, gone on with where it died."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import Connection

# How long after its moment a pass that died is gone on with; then it begins anew.
YOUNG = timedelta(hours=12)
# What was committed may have been counted somewhat before, by a clock that is not quite ours.
MARGIN = timedelta(hours=1)

# Under the lock, so whatever is unfinished has died.
GIVE_UP = """
UPDATE passes SET abandoned_at = clock_timestamp()
 WHERE name = %(name)s AND finished_at IS NULL AND abandoned_at IS NULL
   AND (at NOT BETWEEN %(at)s::timestamptz - %(young)s AND %(at)s OR configuration <> %(configuration)s)
"""
NEW = """
INSERT INTO passes (name, at, configuration) SELECT %(name)s, %(at)s, %(configuration)s
 WHERE NOT EXISTS (SELECT FROM passes WHERE name = %(name)s AND finished_at IS NULL AND abandoned_at IS NULL)
    ON CONFLICT (name, at) WHERE abandoned_at IS NULL DO NOTHING
"""
# One that died comes before the one that was asked for: there is none besides.
MINE = """
SELECT id, name, at, cursor, people, finished_at IS NOT NULL AS finished FROM passes
 WHERE name = %(name)s AND abandoned_at IS NULL AND (finished_at IS NULL OR at = %(at)s)
 ORDER BY finished_at IS NULL DESC LIMIT 1
"""
NAMED = "SELECT id, name, at, cursor, people, finished_at IS NOT NULL AS finished FROM passes WHERE id = %s"
LAST = "SELECT max(at) AS last FROM passes WHERE name = %s AND configuration = %s AND finished_at IS NOT NULL"
# The last two of each name: one at work, and the one before that was finished.
LISTED = """
SELECT name, at, people, started_at, finished_at, abandoned_at,
       (SELECT count(*) FROM person_state s WHERE finished_at IS NULL AND s.person_id > p.cursor) AS people_left
  FROM (SELECT *, row_number() OVER (PARTITION BY name ORDER BY id DESC) AS place FROM passes) p
 WHERE place <= 2 ORDER BY name, id DESC
"""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass as the store knows it. cursor: everybody up to this person id is done; people: how many were."""

    id: int
    name: str
    at: datetime
    cursor: int
    people: int
    finished: bool


def begin(connection: Connection, name: str, *, at: datetime, configuration: str) -> Pass:
    """The pass to carry out: one that died and is to be gone on with, or that of `at`, which may be finished.

    Only for who holds the lock. configuration: a print of what the pass works by.
    """
    asked = {"name": name, "at": at, "configuration": configuration, "young": YOUNG}
    connection.execute(GIVE_UP, asked)
    connection.execute(NEW, asked)
    row = connection.execute(MINE, asked).fetchone()
    assert row is not None
    return Pass(**row)


def since(connection: Connection, name: str, configuration: str) -> datetime | None:
    """What changed before this instant the passes have seen under this configuration; None: nothing."""
    row = connection.execute(LAST, (name, configuration)).fetchone()
    return row["last"] - MARGIN if row and row["last"] else None


def advance(connection: Connection, done: Pass, *, cursor: int, people: int) -> None:
    """Note that everybody up to `cursor` is done; part of the transaction that did them."""
    connection.execute(
        "UPDATE passes SET cursor = greatest(cursor, %s), people = people + %s WHERE id = %s", (cursor, people, done.id)
    )


def finish(connection: Connection, done: Pass) -> None:
    """Note that the pass is complete; a second time changes nothing."""
    connection.execute(
        "UPDATE passes SET finished_at = clock_timestamp() WHERE id = %s AND finished_at IS NULL", (done.id,)
    )


def boundary(connection: Connection, *, after: int, size: int) -> tuple[int, int] | None:
    """The last person id of the next `size` people after `after`, and how many they are; None when there are none."""
    row = connection.execute(
        """SELECT max(person_id) AS upto, count(*) AS people
             FROM (SELECT person_id FROM person_state WHERE person_id > %s ORDER BY person_id LIMIT %s) p""",
        (after, size),
    ).fetchone()
    return None if row is None or row["upto"] is None else (row["upto"], row["people"])


def named(connection: Connection, pass_id: int) -> Pass:
    """The pass with this number, as it stands."""
    row = connection.execute(NAMED, (pass_id,)).fetchone()
    assert row is not None
    return Pass(**row)


def listed(connection: Connection) -> list[dict[str, Any]]:
    """The last passes of each name, newest first, each with how many people are left to it."""
    return connection.execute(LISTED).fetchall()
