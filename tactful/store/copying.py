"""Columnar writing: a Polars frame into a table through COPY, on the caller's transaction."""

from io import BytesIO

import polars as pl
from psycopg import sql

from tactful.store.database import Connection
from tactful.store.literals import listed
from tactful.store.steps import Pour

INSTANT = "%Y-%m-%d %H:%M:%S%.6f%z"


def pour(table: str, frame: pl.DataFrame, *, unless_known: bool = False) -> Pour:
    """The step that appends `frame` to `table`; columns are matched by name."""
    return Pour(*_written(table, frame), unless_known)


def copy_frame(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Append `frame` to `table`; columns are matched by name. Lists may hold numbers and plain names only."""
    if frame.is_empty():
        return
    flat = frame.with_columns(listed(name) for name, kind in frame.schema.items() if isinstance(kind, pl.List))
    statement, data = _written(table, flat)
    with connection.cursor().copy(statement) as copy:
        copy.write(data)


def _written(table: str, frame: pl.DataFrame) -> tuple[sql.Composed, bytes]:
    """The COPY that appends `frame` to `table`, and what it is fed."""
    buffer = BytesIO()
    frame.write_csv(buffer, include_header=False, datetime_format=INSTANT)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, frame.columns))
    )
    return statement, buffer.getvalue()


def stage(connection: Connection, name: str, frame: pl.DataFrame, columns: str) -> None:
    """A temporary table of this transaction, filled with `frame`. columns: its SQL column list."""
    connection.execute(f"CREATE TEMP TABLE {name} ({columns}) ON COMMIT DROP")
    copy_frame(connection, name, frame)
    connection.execute(f"ANALYZE {name}")


def reserve(connection: Connection, sequence: str, size: int) -> pl.Series:
    """`size` fresh ids of a sequence."""
    rows = connection.execute("SELECT nextval(%s) AS id FROM generate_series(1, %s)", (sequence, size)).fetchall()
    return pl.Series("id", [row["id"] for row in rows], dtype=pl.Int64)
