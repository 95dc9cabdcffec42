"""Erasing a person, and what others do who were just about to write about them."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from psycopg.errors import DeadlockDetected, ForeignKeyViolation

from tactful.kernel.errors import NotFound
from tactful.store.database import Connection, Database
from tactful.store.described.lookup import ids
from tactful.store.sensed import memories, practice, quick, traces
from tactful.store.steps import run
from tactful.store.tables import metadata

T = TypeVar("T")

# Shared by those who erase, taken alone by who must not be interrupted by them; any constant will do.
ERASURE_LOCK = 7_221_430_913

# What hangs on a person without a foreign key, for the sake of partitions or of speed.
LOOSE = (
    "events", "person_day", "person_hour", "person_session", "person_skill", "skill_curve", "person_memory",
    "person_topic", "person_form", "practice_person", "practice_person_skill", "practice_person_content",
    "person_surprises", "decisions",
    "quick_action_uses", "user_engagements",
)  # fmt: skip

# A name that something was worded around may be one that only they brought in; it is worded anew where it is needed.
WORDED = """
DELETE FROM polished_words WHERE named AND organisation_id = (SELECT organisation_id FROM people WHERE id = %s)
"""

# What ends the transaction of who writes about somebody who is being erased; another try finds them gone.
INTERRUPTED = (DeadlockDetected, ForeignKeyViolation)
TRIES = 3

# That their events were counted must be known only as long as these are; and nothing of theirs was counted twice.
KEYS = """
DELETE FROM event_keys k USING events e
 WHERE e.person_id = %s AND k.organisation_id = e.organisation_id AND k.id = e.id
"""
# What somebody wrote when they closed an alert about them. That it was closed, and by whom, stays.
REASONS = """
UPDATE audit_log l SET detail = detail - 'because' FROM educator_alerts a
 WHERE a.person_id = %s AND l.organisation_id = a.organisation_id AND l.act = 'close alert'
   AND l.detail ->> 'alert' = a.id::text
"""

# What people do for others is written down with who did it; that it was done stays.
NAMELESS = (
    """UPDATE wrong_flags SET actor = 'somebody who was erased'
        WHERE organisation_id = %(id)s AND actor = ANY(%(names)s)""",
    """UPDATE educator_alerts SET closed_by = 'somebody who was erased'
        WHERE organisation_id = %(id)s AND closed_by = ANY(%(names)s)""",
    """UPDATE audit_log SET actor = CASE WHEN actor = ANY(%(names)s) THEN 'somebody who was erased' ELSE actor END,
              detail = CASE WHEN detail ->> 'user_id' = %(person)s THEN detail - 'user_id' ELSE detail END
        WHERE organisation_id = %(id)s AND (actor = ANY(%(names)s) OR detail ->> 'user_id' = %(person)s)""",
)

LOCKS = (
    "SELECT 1 FROM attention WHERE person_id = %s FOR UPDATE",
    "SELECT 1 FROM people WHERE id = %s FOR UPDATE",
    "SELECT 1 FROM person_state WHERE person_id = %s FOR UPDATE",
)


def erase(connection: Connection, organisation: str, person: str) -> None:
    """Delete everything that is about a person, and their traces in live sessions; as service_role.

    raises: NotFound where neither is known.
    """
    connection.execute("SELECT pg_advisory_xact_lock_shared(%s)", (ERASURE_LOCK,))
    whom = organisation, person
    for _ in range(TRIES - 1):
        # What was locked in vain is free again after it, so whoever we stood against goes on first.
        with suppress(DeadlockDetected), connection.transaction():
            _erase(connection, whom)
            return
    _erase(connection, whom)


def _erase(connection: Connection, whom: tuple[str, str]) -> None:
    person_id = ids(connection, [whom]).get(whom)
    if person_id is not None:
        _erase_person(connection, person_id)
    _unname(connection, whom)
    # Who takes part in a live session need not be anybody we know otherwise.
    took_part = run(connection, traces.forget(*whom))
    if person_id is None and not took_part:
        raise NotFound(f"There is no person {whom[1]} in {whom[0]}.")


def _erase_person(connection: Connection, person_id: int) -> None:
    # In the order in which ticks and counting take them; what those had begun to write is found below.
    for lock in LOCKS:
        connection.execute(lock, (person_id,))
    connection.execute(REASONS, (person_id,))
    connection.execute(KEYS, (person_id,))
    connection.execute(WORDED, (person_id,))
    connection.execute("DELETE FROM people WHERE id = %s", (person_id,))
    # What everybody shares is taken after all that is the person's own, as where it is added to.
    run(connection, memories.give_back(person_id))
    run(connection, practice.give_back(person_id))
    run(connection, quick.give_back(person_id))
    for table in LOOSE:
        column = metadata.tables[table].info.get("person_column", "person_id")
        connection.execute(f"DELETE FROM {table} WHERE {column} = %s", (person_id,))


def _unname(connection: Connection, whom: tuple[str, str]) -> None:
    organisation, person = whom
    row = connection.execute("SELECT id FROM organisations WHERE name = %s", (organisation,)).fetchone()
    for statement in NAMELESS if row is not None else ():
        names = [f"person {person}", f"widget {person}"]
        connection.execute(statement, {"id": row and row["id"], "names": names, "person": person})


def keep_everybody(connection: Connection) -> None:
    """Let nobody be erased until this transaction ends; waits for those who are being erased."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (ERASURE_LOCK,))


def despite_erasure(database: Database, work: Callable[[Connection], T]) -> T:
    """What `work` answers in a transaction of its own; in another one where somebody it had looked at was erased
    meanwhile, or where it and others waited for each other in a circle.

    Only then is everybody kept: an erasure is unlikely, and nobody shall wait for it.
    """
    try:
        with database.batch() as connection:
            return work(connection)
    except INTERRUPTED:
        with database.batch() as connection:
            keep_everybody(connection)
            return work(connection)
