"""A database of its own for a benchmark, on the engine's own servers or the user's."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tactful.bootstrap import place, read_settings
from tactful.store.database import Database
from tactful.store.migrate import migrate
from tactful.store.running import scratch as store

NAME = "tactful_bench"
# What a COPY is fed at a time [bytes].
BLOCK = 1 << 20


@contextmanager
def scratch() -> Iterator[Database]:
    """A freshly migrated database, dropped afterwards."""
    settings = read_settings()
    with place(settings) as where:
        database = Database(store.recreate(where.database_url, NAME), role_secret=where.role_secret)
        try:
            migrate(database, role_secret=where.role_secret)
            yield database
        finally:
            asyncio.run(database.close())
            store.drop(where.database_url, NAME)


def raw_copy(database: Database) -> float:
    """Rows a second of the fastest of three COPYs of everything in `events`, into a table like it."""
    # The owner need not see any row.
    with database.batch() as reading, reading.cursor().copy("COPY (SELECT * FROM events) TO STDOUT") as copy:
        data = b"".join(bytes(block) for block in copy)
    took = []
    with store.owning(database) as connection:
        for _ in range(3):
            connection.execute("DROP TABLE IF EXISTS bench_events")
            connection.execute("CREATE TABLE bench_events (LIKE events INCLUDING DEFAULTS INCLUDING INDEXES)")
            start = time.perf_counter()
            with connection.cursor().copy("COPY bench_events FROM STDIN") as copy:
                for first in range(0, len(data), BLOCK):
                    copy.write(data[first : first + BLOCK])
            took.append(time.perf_counter() - start)
    return data.count(b"\n") / min(took)
