"""One statement, two ways in: row by row for one person, as Arrow columns for many."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import polars as pl
from psycopg import sql

from tactful.store.database import Connection, Database

Schema = dict[str, Any]

# Memory one sort or hash of a batch may use.
BATCH_MEMORY = "256MB"


class Reader(Protocol):
    """Runs statements with `%s` placeholders inside one transaction."""

    def read(self, statement: str, values: Sequence[Any], schema: Schema) -> pl.DataFrame:
        """The rows as a frame of exactly `schema`."""
        ...

    def run(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Execute without an answer."""
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


class ColumnReader:
    """Reads through ADBC: PostgreSQL's binary rows straight into Arrow.

    Values are written into the statement as literals, because only a statement without parameters
    may travel as `COPY ... TO STDOUT`, which streams and is several times faster.
    """

    def __init__(self, connection: Any) -> None:
        self._connection = connection
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


def literal(statement: str, values: Sequence[Any]) -> str:
    """A statement with its `%s` placeholders replaced by quoted literals.

    >>> literal("SELECT %s, %s", [1, "it's"])
    "SELECT 1, 'it''s'"
    """
    given = iter(values)
    return re.sub(r"%s", lambda _: sql.Literal(next(given)).as_string(None), statement)


@contextmanager
def reader(database: Database, *, few: bool) -> Iterator[Reader]:
    """A reader in a transaction of its own: rows for a few people, columns for many."""
    if few:
        with database.batch() as connection:
            yield RowReader(connection)
    else:
        with database.columns() as columns:
            yield ColumnReader(columns)
