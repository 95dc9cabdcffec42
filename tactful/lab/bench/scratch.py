"""A database of its own for a benchmark, on the engine's own servers or the user's."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tactful.bootstrap import place, read_settings
from tactful.store.database import Database
from tactful.store.migrate import migrate

NAME = "tactful_bench"
# What a COPY is fed at a time [bytes].
BLOCK = 1 << 20


@contextmanager
def scratch() -> Iterator[Database]:
    """A freshly migrated database, dropped afterwards."""
    settings = read_settings()
    with place(settings) as where:
        _recreate(where.database_url)
        database = Database(make_conninfo(where.database_url, dbname=NAME), role_secret=where.role_secret)
        try:
            migrate(database, role_secret=where.role_secret)
            yield database
        finally:
            asyncio.run(database.close())
            _drop(where.database_url)


def raw_copy(database: Database) -> float:
    """Rows a second of the fastest of three COPYs of everything in `events`, into a table like it."""
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        with connection.cursor().copy("COPY (SELECT * FROM events) TO STDOUT") as copy:
            data = b"".join(bytes(block) for block in copy)
        took = []
        for _ in range(3):
            connection.execute("DROP TABLE IF EXISTS bench_events")
            connection.execute("CREATE TABLE bench_events (LIKE events INCLUDING DEFAULTS INCLUDING INDEXES)")
            start = time.perf_counter()
            with connection.cursor().copy("COPY bench_events FROM STDIN") as copy:
                for first in range(0, len(data), BLOCK):
                    copy.write(data[first : first + BLOCK])
            took.append(time.perf_counter() - start)
    return data.count(b"\n") / min(took)


def _drop(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def _recreate(url: str) -> None:
    _drop(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
