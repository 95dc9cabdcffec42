"""Rows by their keys: which of the different ones each has."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Places = NDArray[np.int64]


def numbered(keys: pl.DataFrame) -> tuple[Places, Places]:
    """The number of each row's key, in order of appearance, and for each number the row where its key comes first.

    keys: no nulls. Much faster than to join the rows with the different ones among them.

    >>> number, first = numbered(pl.DataFrame({"person": [7, 3, 7], "skill": ["b", "a", "b"]}))
    >>> number.tolist(), first.tolist()
    ([0, 1, 0], [0, 1])
    """
    rank = keys.select(pl.struct(pl.all()).rank("dense")).to_series().to_numpy()
    _, first, place = np.unique(rank, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return np.argsort(order)[place], first[order]
