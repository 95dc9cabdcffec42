"""Work that no two processes are at together."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from tactful.store.database import Database

LOCK = "hashtextextended('alone ' || %s, 0)"


@contextmanager
def alone(database: Database, name: str) -> Iterator[bool]:
    """Hold the lock of this name; false when somebody else does, here or elsewhere. Freed by the database if we die.

    It can be had again at once afterwards.
    """
    with psycopg.connect(database.url("service_role"), autocommit=True) as connection:
        row = connection.execute(f"SELECT pg_try_advisory_lock({LOCK})", (name,)).fetchone()
        mine = bool(row and row[0])
        try:
            yield mine
        finally:
            # The database hears only later that we have gone. If it is gone itself, so is the lock.
            with suppress(psycopg.OperationalError):
                if mine:
                    connection.execute(f"SELECT pg_advisory_unlock({LOCK})", (name,))
