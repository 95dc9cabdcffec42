"""Between tables and columns of numbers: null is nan, an instant is days since 1970. Both ways lose nothing.

Into numbers all columns go at once: one at a time would cost a single person's belief ten times as long.
"""

from collections.abc import Mapping

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.moments import INSTANT
from tactful.facts.rounds import Columns

MICROSECONDS_A_DAY = 86_400_000_000


def columns(table: pl.DataFrame) -> Columns:
    """The numbers of `table`. Its text is left out."""
    instants = [name for name, kind in table.schema.items() if kind == INSTANT]
    plain = [name for name, kind in table.schema.items() if kind not in (INSTANT, pl.String)]
    moments = pl.col(instants).to_physical().cast(pl.Float64)
    numbers = table.select(pl.col(plain).cast(pl.Float64), moments).to_numpy(writable=True)
    # Not in Polars, which divides one row otherwise than many, in the last digit.
    numbers[:, len(plain) :] /= MICROSECONDS_A_DAY
    return {name: numbers[:, place] for place, name in enumerate((*plain, *instants))}


def table(made: Columns, kinds: Mapping[str, PolarsDataType]) -> pl.DataFrame:
    """A table with a column for each of `kinds`."""
    # Here one at a time: a column alone asks nothing of the query engine.
    return pl.DataFrame([_series(name, made[name], kind) for name, kind in kinds.items()])


def _series(name: str, column: Floats, kind: PolarsDataType) -> pl.Series:
    if kind == INSTANT:
        microseconds = pl.Series(name, np.round(column * MICROSECONDS_A_DAY), nan_to_null=True)
        return microseconds.cast(pl.Int64).cast(kind)
    told = pl.Series(name, column, nan_to_null=True)
    return told if kind == pl.Float64 else told.cast(kind)
