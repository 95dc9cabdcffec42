"""Tables as numbers and back: instants as seconds since 1970, null as nan, fixed lists as rows of a matrix."""

from collections.abc import Mapping

import ibis
import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.rounds import Columns

Schema = Mapping[str, PolarsDataType]

_MICROSECONDS = 1_000_000


def numbers(column: pl.Series) -> Floats:
    """The column as numbers: seconds for instants, days for dates, a matrix for fixed lists; nan for null."""
    kind = column.dtype
    if isinstance(kind, pl.Array):
        return _matrix(column, kind.size)
    if isinstance(kind, pl.Datetime):
        return _plain(column.dt.epoch("us")) / _MICROSECONDS
    return _plain(column.to_physical() if kind == pl.Date else column)


def series(name: str, column: Floats, kind: PolarsDataType) -> pl.Series:
    """What `numbers` made, as a column of `kind` again.

    >>> series("at", np.array([0.5, np.nan]), pl.Datetime("us", "UTC")).dt.epoch("ms").to_list()
    [500, None]
    """
    if isinstance(kind, pl.Array):
        there = pl.Series(~np.isnan(column).any(axis=1))
        held = pl.DataFrame([pl.Series(name, np.ascontiguousarray(column), dtype=kind)])
        return held.select(pl.when(there).then(name).alias(name))[name]
    told = pl.Series(name, column, nan_to_null=True)
    if isinstance(kind, pl.Datetime):
        return (told * _MICROSECONDS).round().cast(pl.Int64).cast(kind)
    return told.round().cast(pl.Int32).cast(kind) if kind == pl.Date else told.cast(kind)


def frame(columns: Mapping[str, Floats], schema: Schema) -> pl.DataFrame:
    """Columns of numbers as a frame of the kinds in `schema`."""
    return pl.DataFrame([series(name, column, schema[name]) for name, column in columns.items()])


def at_keys(keys: pl.DataFrame, table: pl.DataFrame, schema: Schema) -> Columns:
    """The rows of `table` at `keys` as numbers. Who has none never was: times and `_log` are nan, the rest is zero."""
    rows = keys.join(table, on=keys.columns, how="left", maintain_order="left")
    held = {name: numbers(rows[name]) for name in schema if name not in keys.columns}
    return {name: column if _may_lack(name, schema[name]) else np.nan_to_num(column) for name, column in held.items()}


def places(keys: pl.DataFrame, asked: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """For each row of `asked` its row in `keys`, which has the same columns; -1 for none."""
    found = asked.join(keys.with_row_index("place"), on=keys.columns, how="left", maintain_order="left")["place"]
    return found.cast(pl.Int64).fill_null(-1).to_numpy()


def _may_lack(name: str, kind: PolarsDataType) -> bool:
    return isinstance(kind, pl.Datetime) or kind == pl.Date or name.endswith("_log")


def _plain(column: pl.Series) -> Floats:
    made: Floats = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    return made


def _matrix(column: pl.Series, size: int) -> Floats:
    made, there = np.full((column.len(), size), np.nan), column.is_not_null().to_numpy()
    if there.any():
        made[there] = column.drop_nulls().to_numpy()
    return made


def ibis_table(name: str, schema: Schema) -> ibis.Table:
    """The table of that name and `schema` as Ibis sees it: no connection, any engine."""
    return ibis.table({column: _ibis_kind(kind) for column, kind in schema.items()}, name=name)


def _ibis_kind(kind: PolarsDataType) -> str:
    if isinstance(kind, pl.Array):
        return "array<float64>"
    kinds = {pl.Int64: "int64", pl.Int32: "int32", pl.Float64: "float64", pl.Date: "date"}
    return "timestamp('UTC', 6)" if isinstance(kind, pl.Datetime) else kinds[kind]  # type: ignore[index]
