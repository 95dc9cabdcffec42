"""How far numbers have moved from what they were: population stability index. Pure.

Below .1 is calm, from .25 on it is another population. Source: Siddiqi 2006.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from tactful.facts.additive import Floats

BINS = 10
# From this on it is another population.
OTHERS = 0.25
# Rows that both sides of a comparison need.
LEAST = 50


def drift(older: Floats, newer: Floats) -> float | None:
    """The index of `newer` against `older`; nan is unknown, which is a share of its own. None with too few rows.

    >>> drift(np.arange(100.0), np.arange(100.0))
    0.0
    """
    if min(older.size, newer.size) < LEAST:
        return None
    shares = [_shares(side, _edges(older[~np.isnan(older)])) for side in (older, newer)]
    return float(np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0])))


def drifts(older: pl.DataFrame, newer: pl.DataFrame, columns: Sequence[str]) -> dict[str, float]:
    """The index of each of `columns`, furthest first, where there are rows enough."""
    told = {name: drift(_numbers(older[name]), _numbers(newer[name])) for name in columns}
    moved = {name: each for name, each in told.items() if each is not None}
    return dict(sorted(moved.items(), key=lambda item: -item[1]))


def strangers(moved: Mapping[str, float]) -> list[str]:
    """A sentence for each number in which people are others than those that were learned from. moved: of `drifts`."""
    return [
        f"In {name} people are no longer like those that were learned from (index {index:.2f}, calm below 0.1)."
        for name, index in moved.items()
        if index >= OTHERS
    ]


def _edges(known: Floats) -> Floats:
    """Ten equal parts of what was known; where a tenth of it is the highest value, what lies above is apart."""
    if known.size == 0:
        return known
    inner: Floats = np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1]))
    return np.append(inner, np.nextafter(inner[-1], np.inf)) if inner[-1] == known.max() else inner


def _shares(side: Floats, edges: Floats) -> Floats:
    """Shares of the bins, and of the unknown behind them; half a row is added to each, so that none is nothing."""
    unknown = np.isnan(side)
    bins = np.where(unknown, edges.size + 1, np.searchsorted(edges, np.where(unknown, 0.0, side), side="right"))
    counts = np.bincount(bins, minlength=edges.size + 2) + 0.5
    shares: Floats = counts / counts.sum()
    return shares


def _numbers(column: pl.Series) -> Floats:
    return column.cast(pl.Float64).fill_null(np.nan).to_numpy()
