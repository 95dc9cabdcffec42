"""Where a series changed its level or its slope, at any scale and without a setting. Pure.

Level pieces and sloping pieces compete, with 0 to 12 changes. A reading takes the division with the least
    log(what is left / all + visible) + numbers / 3 * (each + short * log(n) / n)
where `numbers` counts means, slopes and changes. `visible` is the share of the variance below which nobody would
see a change; `each` asks every change to explain a fixed share of what is left, so that slow wandering (neighbours
that depend on each other) is no chain of changes; `short` asks more of few points. 36 readings, stricter and milder
ones, each name a division; the one most like all of them (by cover and F1) is taken: a consensus, as of annotators.

The numbers were chosen on the first half of the TCPD series by sorted name; the second half has not been tuned on.
"""

from itertools import product

import numpy as np

from tactful.facts.additive import Floats
from tactful.facts.divisions import cover, matched
from tactful.predict.plateau.pieces import Numbers, costs, divisions

VISIBLE = (0.005, 0.01, 0.02)
EACH = (0.1, 0.2, 0.3)
SHORT = (4.0, 6.0, 8.0, 12.0)
SHORTEST = 3
MOST = 12
# Points that a change more asks for.
POINTS_A_CHANGE = 6
# Points on either side of one that may be a spike, and how far off it must be.
BESIDE, FAR_OFF, FAR_OFF_ALL = 2, 4.0, 0.2
DEVIATION = 1.4826
CELLS = 100_000


def changes(values: Floats, *, spikes: bool = True) -> Numbers:
    """The changes of each series: [series, most], ascending, then the number of points for those there are not.

    values: [series, points], finite, in time order, in any unit. spikes: whether single points far off may be
    measured wrongly and are drawn in first; answers that are right or wrong never are. A row's answer does not
    depend on the others.

    >>> changes(np.array([[1.0] * 10 + [3.0] * 10])).tolist()[0][0]
    10
    """
    points = values.shape[1]
    if points < 2 * SHORTEST:
        return np.full((values.shape[0], 1), points)
    rows = max(1, CELLS // (points + 1) ** 2)
    parts = [_changes(values[start : start + rows], spikes) for start in range(0, len(values), rows)]
    return np.concatenate(parts) if parts else np.zeros((0, 1), dtype=np.int64)


def _changes(values: Floats, spikes: bool) -> Numbers:
    scaled = _scaled(without_spikes(values) if spikes else values)
    points = values.shape[1]
    most = min(MOST, max(1, points // POINTS_A_CHANGE))
    means, lines = (divisions(cost, most, SHORTEST) for cost in costs(scaled))
    counts = np.arange(most + 1)
    numbers = np.concatenate([3 * counts + 2, 2 * counts + 1])
    readings = _readings(np.concatenate([lines.left, means.left], axis=1) / points, numbers, points)
    return _consensus(np.concatenate([lines.edges, means.edges], axis=1), readings, points)


def without_spikes(values: Floats) -> Floats:
    """The series with single points far from the median of five taken to that median. Source: Hampel 1974."""
    if values.shape[1] <= 2 * BESIDE:
        return values
    wide = np.pad(values, ((0, 0), (BESIDE, BESIDE)), mode="reflect", reflect_type="odd")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(wide, 2 * BESIDE + 1, axis=1), axis=2)
    off = np.abs(values - middle)
    around = np.abs(values - np.median(values, axis=1, keepdims=True))
    usual = np.maximum(_middle(off), FAR_OFF_ALL * _middle(around)) * DEVIATION
    return np.where(off > FAR_OFF * np.maximum(usual, 1e-12), middle, values)


def _middle(values: Floats) -> Floats:
    return np.median(values, axis=1, keepdims=True)


def _scaled(values: Floats) -> Floats:
    """Mean 0 and variance 1; a series that never moves is all zeros."""
    around = values - values.mean(axis=1, keepdims=True)
    spread = around.std(axis=1, keepdims=True)
    moves = spread > 1e-9 * np.maximum(np.abs(values).max(axis=1, keepdims=True), 1e-12)
    return np.where(moves, around / np.where(moves, spread, 1.0), 0.0)


def _readings(left: Floats, numbers: Numbers, points: int) -> Floats:
    """How many of the readings name each candidate: [series, candidates]. left: share of the variance [0..1]."""
    price = np.array([each + short * np.log(points) / points for each, short in product(EACH, SHORT)])
    seen = np.log(left[:, None, None, :] + np.array(VISIBLE)[:, None, None])
    named = (seen + price[:, None] * numbers / 3).argmin(axis=3).reshape(len(left), -1)
    votes: Floats = (named[:, :, None] == np.arange(numbers.size)).sum(axis=1).astype(np.float64)
    return votes


def _consensus(edges: Numbers, votes: Floats, points: int) -> Numbers:
    """Of each series the candidate most like all that were named; one that none named may not be chosen."""
    chosen = votes.argmax(axis=1)
    for row in np.flatnonzero((votes > 0).sum(axis=1) > 1):
        named = np.flatnonzero(votes[row])
        each = [[int(edge) for edge in edges[row, one] if edge < points] for one in named]
        like = [sum(votes[row, one] * _like(other, mine, points) for one, other in zip(named, each, strict=True))
                for mine in each]  # fmt: skip
        chosen[row] = named[int(np.argmax(like))]
    consensus: Numbers = edges[np.arange(len(votes)), chosen]
    return consensus


def _like(other: list[int], mine: list[int], points: int) -> float:
    """F1 and cover of `mine`, if `other` were right."""
    found = matched([0, *other], [0, *mine])
    return 2 * found / (2 + len(other) + len(mine)) + cover(other, mine, points)
