"""Rows that are kept of people, written back after they have moved on.

Of newcomers nothing is there that a row could meet: theirs are poured in, which costs half of setting them.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.store.copying import pour
from tactful.store.literals import upsert
from tactful.store.steps import Say, Steps


class Kept(NamedTuple):
    """A table of people's state: its columns, and those that tell its rows apart."""

    table: str
    kinds: Mapping[str, PolarsDataType]
    keys: tuple[str, ...]


def parted(table: pl.DataFrame, newcomers: Sequence[int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of newcomers, and those of everybody else.

    >>> [part["person_id"].to_list() for part in parted(pl.DataFrame({"person_id": [1, 2, 3]}), [2])]
    [[2], [1, 3]]
    """
    new = np.isin(table["person_id"].to_numpy(), newcomers)
    if new.all() or not new.any():
        return (table, table[:0]) if new.any() else (table[:0], table)
    return table.filter(pl.Series(new)), table.filter(pl.Series(~new))


def write(kept: Kept, table: pl.DataFrame, newcomers: Sequence[int]) -> Steps[None]:
    """Set the rows of `table`, columns of `kept` and perhaps more; of people who are locked.

    newcomers: people of whom `kept` has no row.
    """
    first, more = parted(table, newcomers)
    if not first.is_empty():
        yield pour(kept.table, first)
    if not more.is_empty():
        yield Say(upsert(kept.table, more, kept.keys))
