"""One statement, two ways in: row by row for one person, as Arrow columns for many."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Protocol

import polars as pl
from psycopg import sql

from tactful.store.database import Connection, Database

Schema = dict[str, Any]

# Memory one sort or hash of a batch may use.
BATCH_MEMORY = "256MB"
NAMED = re.compile(r"%\((\w+)\)s")


# Reads something with the reader it is given.
Ask = Callable[["Reader"], pl.DataFrame]


class Reader(Protocol):
    """Runs statements with `%s` placeholders inside one transaction."""

    def read(self, statement: str, values: Sequence[Any], schema: Schema) -> pl.DataFrame:
        """The rows as a frame of exactly `schema`."""
        ...

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute without an answer."""
        ...

    def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Two questions about the same moment, at the same time where that helps."""
        ...


class RowReader:
    """Reads through psycopg: least latency for a few rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def read(self, statement: str, values: Sequence[Any], schema: Schema) -> pl.DataFrame:
        """The rows as a frame of exactly `schema`."""
        rows = self._connection.execute(statement, values).fetchall()
        return pl.DataFrame(rows, schema=schema, orient="row")

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute without an answer."""
        self._connection.execute(statement, values or None)

    def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Two questions, one after the other."""
        return one(self), other(self)


class ColumnReader:
    """Reads through ADBC: PostgreSQL's binary rows straight into Arrow.

    Values are written into the statement as literals, because only a statement without parameters
    may travel as `COPY ... TO STDOUT`, which streams and is several times faster.
    """

    def __init__(self, database: Database, connection: Any, *, snapshot: str = "") -> None:
        self._database = database
        self._connection = connection
        # Everything is read as of one moment, that of another reader if its snapshot is given.
        self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        if snapshot:
            self.run("SET TRANSACTION SNAPSHOT %s", [snapshot])
        # Everybody's rows are hashed and sorted in memory rather than on disk.
        self.run(f"SET LOCAL work_mem = '{BATCH_MEMORY}'")

    def read(self, statement: str, values: Sequence[Any], schema: Schema) -> pl.DataFrame:
        """The rows as a frame of exactly `schema`."""
        with self._connection.cursor() as cursor:
            cursor.execute(literal(statement, values))
            read = pl.from_arrow(cursor.fetch_arrow_table())
        assert isinstance(read, pl.DataFrame)
        return read.select(pl.col(name).cast(kind) for name, kind in schema.items())

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute without an answer."""
        with self._connection.cursor() as cursor:
            cursor.execute(literal(statement, values))

    def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Two questions at the same time, the second on a connection of its own with the same snapshot."""
        snapshot = self.read("SELECT pg_export_snapshot() AS name", [], {"name": pl.String})["name"][0]
        with self._database.columns() as beside, ThreadPoolExecutor(1) as thread:
            asked = thread.submit(other, ColumnReader(self._database, beside, snapshot=snapshot))
            return one(self), asked.result()


def literal(statement: str, values: Sequence[Any]) -> str:
    """A statement with its `%s` placeholders replaced by quoted literals.

    >>> literal("SELECT %s, %s", [1, "it's"])
    "SELECT 1, 'it''s'"
    """
    given = iter(values)
    return re.sub(r"%s", lambda _: sql.Literal(next(given)).as_string(None), statement)


def positional(statement: str, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A statement with `%(name)s` placeholders as one with `%s`, and what stands for each.

    >>> positional("SELECT %(a)s, %(b)s, %(a)s", {"a": 1, "b": 2})
    ('SELECT %s, %s, %s', [1, 2, 1])
    """
    return NAMED.sub("%s", statement), [values[name] for name in NAMED.findall(statement)]


@contextmanager
def reader(database: Database, *, few: bool) -> Iterator[Reader]:
    """A reader in a transaction of its own: rows for a few people, columns for many."""
    if few:
        with database.batch() as connection:
            yield RowReader(connection)
    else:
        with database.columns() as columns:
            yield ColumnReader(database, columns)
