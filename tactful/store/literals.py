"""Small frames inside a statement: each column one array, so that no temporary table is needed."""

from collections.abc import Sequence

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

    >>> print(rows(pl.DataFrame({"a": [1, None], "b": ["x", "y z"]}), "w").as_string(None))
    unnest('{1,NULL}'::bigint[], '{"x","y z"}'::text[]) AS "w" ("a", "b")
    """
    arrays = frame.select(_array(name, kind) for name, kind in frame.schema.items()).row(0)
    columns = [
        sql.SQL("{}::{}").format(sql.Literal(f"{{{array}}}"), sql.SQL(f"{TYPES[kind.base_type()]}[]"))
        for array, kind in zip(arrays, frame.dtypes, strict=True)
    ]
    names = [sql.Identifier(column) for column in frame.columns]
    comma = sql.SQL(", ")
    return sql.SQL("unnest({}) AS {} ({})").format(comma.join(columns), sql.Identifier(name), comma.join(names))


def upsert(table: str, frame: pl.DataFrame, keys: Sequence[str], *, latest: Sequence[str] = ()) -> sql.Composed:
    """Sets the rows of `frame` whole; of columns in `latest` the later of what is there and what comes.

    Beside what `rows` carries a column may be of so many numbers (`pl.Array`), which becomes an array of doubles.
    """
    numbers, flat = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Array)], frame
    if numbers:
        flat = frame.with_columns(pl.col(numbers).arr.to_list()).with_columns(listed(name) for name in numbers)
    told = ", ".join(f"{name}::double precision[]" if name in numbers else name for name in flat.columns)
    moved = (
        f"{name} = greatest(t.{name}, excluded.{name})" if name in latest else f"{name} = excluded.{name}"
        for name in flat.columns
        if name not in keys
    )
    statement = f"""INSERT INTO {table} AS t ({", ".join(flat.columns)}) SELECT {told} FROM {{moved}}
                    ON CONFLICT ({", ".join(keys)}) DO UPDATE SET {", ".join(moved)}"""
    return sql.SQL(statement).format(moved=rows(flat, "w"))


def listed(name: str) -> pl.Expr:
    """A column of lists, of numbers or plain names, as PostgreSQL writes arrays.

    >>> pl.DataFrame({"a": [[1, 2], []]}).select(listed("a"))["a"].to_list()
    ['{1,2}', '{}']
    """
    values = pl.col(name).cast(pl.List(pl.String)).list.join(",")
    return pl.concat_str(pl.lit("{"), values, pl.lit("}")).alias(name)


def _array(name: str, kind: pl.DataType) -> pl.Expr:
    texts = pl.col(name).cast(pl.String)
    if kind == pl.String:
        escaped = texts.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
        texts = pl.format('"{}"', escaped)
    return texts.fill_null("NULL").str.join(",")
