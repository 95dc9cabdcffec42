"""Small frames inside a statement: each column one array, so that no temporary table is needed."""

import polars as pl
from psycopg import sql

TYPES: dict[type[pl.DataType], str] = {
    pl.Int64: "bigint",
    pl.Int32: "int",
    pl.Int16: "smallint",
    pl.Float64: "double precision",
    pl.String: "text",
    pl.Date: "date",
    pl.Datetime: "timestamptz",
}


def rows(frame: pl.DataFrame, name: str) -> sql.Composed:
    """`frame` as something to select from, called `name`, with the frame's columns. Times are UTC.

    >>> rows(pl.DataFrame({"a": [1, None], "b": ["x", "y z"]}), "w").as_string(None)
    'unnest(\'{1,NULL}\'::bigint[], \'{"x","y z"}\'::text[]) AS "w" ("a", "b")'
    """
    columns = [
        sql.SQL("{}::{}").format(sql.Literal(_array(column)), sql.SQL(f"{TYPES[column.dtype.base_type()]}[]"))
        for column in frame
    ]
    names = [sql.Identifier(column) for column in frame.columns]
    comma = sql.SQL(", ")
    return sql.SQL("unnest({}) AS {} ({})").format(comma.join(columns), sql.Identifier(name), comma.join(names))


def _array(column: pl.Series) -> str:
    texts = _quoted(column) if column.dtype == pl.String else column.cast(pl.String)
    return "{" + ",".join(texts.fill_null("NULL")) + "}"


def _quoted(column: pl.Series) -> pl.Series:
    escaped = column.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return '"' + escaped + '"'
