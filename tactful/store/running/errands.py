"""errands: long work that an operator asked for. One of a name at a time; it is done by a worker, and done again from
its beginning where that one died.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.alone import alone
from tactful.store.database import Connection, Database

ADD = """
INSERT INTO errands (organisation_id, name, actor, asked_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (organisation_id, name) WHERE finished_at IS NULL DO NOTHING RETURNING id
"""
OPEN = "SELECT id, organisation_id, name, actor FROM errands WHERE finished_at IS NULL ORDER BY id"
BEGIN = """
UPDATE errands SET started_at = %s, done = 0, said = 'It has begun.' WHERE id = %s AND finished_at IS NULL RETURNING id
"""
TELL = "UPDATE errands SET said = %s, done = done + 1 WHERE id = %s"
FINISH = "UPDATE errands SET finished_at = %s, said = %s, failed = %s WHERE id = %s"
LAST = """
SELECT id, name, actor, asked_at, started_at, finished_at, said, failed, done FROM errands
 WHERE organisation_id = %s AND name = %s ORDER BY id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that was asked for. organisation: our own id; actor: who asked."""

    id: int
    organisation: int
    name: str
    actor: str


def ask(connection: Connection, organisation: int, name: str, *, actor: str, at: datetime) -> bool:
    """Note that it was asked for; False where it is open already."""
    return connection.execute(ADD, (organisation, name, actor, at)).fetchone() is not None


def waiting(connection: Connection) -> list[Errand]:
    """Everything that is not finished, oldest first; some of it may be at work."""
    rows = connection.execute(OPEN).fetchall()
    return [Errand(row["id"], row["organisation_id"], row["name"], row["actor"]) for row in rows]


def mine(database: Database, errand: Errand) -> AbstractContextManager[bool]:
    """Hold an errand for as long as one is at it; False where somebody else is. Freed by the database if we die."""
    return alone(database, f"errand {errand.id}")


def begin(connection: Connection, errand: Errand, *, at: datetime) -> bool:
    """Note that it has begun; False where it was finished meanwhile."""
    return connection.execute(BEGIN, (at, errand.id)).fetchone() is not None


def tell(connection: Connection, errand: Errand, said: str) -> None:
    """Note how far it is, in words, after another part of it."""
    connection.execute(TELL, (said, errand.id))


def finish(connection: Connection, errand: Errand, *, at: datetime, said: str, failed: bool = False) -> None:
    """Note what came of it."""
    connection.execute(FINISH, (at, said, failed, errand.id))


def last(connection: Connection, organisation: int, name: str) -> dict[str, Any] | None:
    """The one that was asked for last."""
    return connection.execute(LAST, (organisation, name)).fetchone()
