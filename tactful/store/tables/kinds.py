"""Columns of tables that `facts` describe: the name and kind of each there, and how the database has it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from polars._typing import PolarsDataType
from sqlalchemy import BigInteger, Column, Date, Double, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from tactful.facts.moments import INSTANT

KINDS: Mapping[PolarsDataType, Any] = {
    pl.Int32: Integer,
    pl.Int64: BigInteger,
    pl.Float64: Double,
    pl.String: Text,
    pl.Date: Date,
    INSTANT: TIMESTAMP(timezone=True),
}


def columns(kinds: Mapping[str, PolarsDataType], keys: Sequence[str] = ()) -> Iterator[Column[Any]]:
    """Columns of these kinds, those of the key first. A fixed number of numbers is an array of doubles."""
    for name in keys:
        yield Column(name, KINDS[kinds[name]], primary_key=True, autoincrement=False)
    for name, kind in kinds.items():
        if name not in keys:
            yield Column(name, ARRAY(Double) if isinstance(kind, pl.Array) else KINDS[kind])
