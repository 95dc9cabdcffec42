"""Of what sort the values of a column are: what JSON lines and Parquet say, so that a name is not made of a flag.

A column of JSON lines with values of several sorts holds them as text, and beside it stands a column
that says of each which it was.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import polars as pl

# The sorts, as errors call them.
TEXT = "text"
WHOLE = "a whole number"
DECIMAL = "a decimal number"
FLAG = "true or false"
NESTED = "a list or an object"
BYTES = "made of bytes that are no text"
OTHER = "something else"
# What an id or a name may be, as over HTTP.
NAMES = (TEXT, WHOLE)

SORTS: dict[type, str] = {str: TEXT, int: WHOLE, float: DECIMAL, bool: FLAG, bytes: BYTES}
PLAIN: dict[type, Any] = {str: pl.String, int: pl.Int64, float: pl.Float64, bool: pl.Boolean}


def beside(name: str) -> str:
    """What the column is called that says of what sort the values of this one are: no name has a NUL."""
    return f"\0sort of {name}"


def columns(name: str, values: Sequence[Any]) -> Iterator[pl.Series]:
    """A column of what JSON had under a name; and the one beside it, where the values are not all of one plain sort."""
    sorts = set(map(type, values)) - {type(None)}
    plain = PLAIN.get(sorts.pop() if sorts else str) if len(sorts) < 2 else None
    if plain is not None:
        try:
            yield pl.Series(name, values, dtype=plain, strict=True)
            return
        except (TypeError, OverflowError, pl.exceptions.PolarsError):
            # Whole numbers of more than 64 bits, which are ids somewhere, fit as text.
            pass
    yield pl.Series(name, list(map(_told, values)), dtype=pl.String)
    of = [None if value is None else SORTS.get(type(value), NESTED) for value in values]
    yield pl.Series(beside(name), of, dtype=pl.String)


def own(names: Iterable[str]) -> list[str]:
    """Those columns that a file has itself."""
    return [name for name in names if not name.startswith("\0")]


def sort(schema: pl.Schema, name: str) -> pl.Expr:
    """The sort of each value of a column, as one of those above; of nothing it may be any."""
    if beside(name) in schema:
        return pl.col(beside(name))
    return pl.lit(_sort(schema.get(name, pl.String())))


def of_bytes(rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with bytes as text where they are text: some who write Parquet do not say so."""
    for name, kind in rows.schema.items():
        if kind == pl.Binary:
            rows = rows.drop(name).with_columns(columns(name, [_read(value) for value in rows[name]]))
    return rows


def _sort(kind: pl.DataType) -> str:
    if kind in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        return TEXT
    if kind.is_integer() or (isinstance(kind, pl.Decimal) and kind.scale == 0):
        return WHOLE
    if kind.is_numeric():
        return DECIMAL
    return FLAG if kind == pl.Boolean else NESTED if kind.is_nested() else OTHER


def _read(value: bytes | None) -> str | bytes | None:
    try:
        return None if value is None else value.decode()
    except UnicodeDecodeError:
        return value


def _told(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.hex()
    # As JSON has it, and faster than a whole JSON of its own for each.
    return repr(value) if type(value) in (int, float) else json.dumps(value)
