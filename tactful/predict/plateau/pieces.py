"""The best division of a series into level or sloping pieces, for each number of changes. Pure.

A piece may begin anywhere; what it costs is what is left of its points around its mean, or around its line.
Source: optimal partitioning (Jackson et al. 2005) by dynamic programming, for many series of one length at once.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Divisions:
    """The best division of each series for 0, 1, ... changes.

    left: [series, changes + 1] sum of squares that the pieces leave. edges: [series, changes + 1, changes] the
    changes of each in ascending order, then the length of the series for those there are not.
    """

    left: Floats
    edges: Numbers


def costs(values: Floats) -> tuple[Floats, Floats]:
    """Cost of each piece around its mean and around its own line: [series, behind the last, first] each.

    values: [series, points], about 1 in size. inf where there is no piece.
    """
    points = values.shape[1]
    at = np.arange(points) / points
    total, squares, along = (_between(_sums(each)) for each in (values, values**2, at * values))
    steps, length = _between(_sums(at)), _lengths(points)
    size = np.maximum(length, 1.0)
    spread = np.where(length > 1, _between(_sums(at**2)) - steps**2 / size, np.inf)
    mean = np.maximum(squares - total**2 / size, 0.0)
    line = np.where(length > 2, np.maximum(mean - (along - steps * total / size) ** 2 / spread, 0.0), 0.0)
    return np.where(length > 0, mean, np.inf), np.where(length > 0, line, np.inf)


def divisions(cost: Floats, most: int, shortest: int) -> Divisions:
    """The cheapest division for 0 to `most` changes into pieces of at least `shortest` points.

    cost: one of `costs`. Work grows with the square of the length, times `most`.
    """
    points = cost.shape[1] - 1
    cost = np.where(_lengths(points) >= shortest, cost, np.inf)
    best, before = cost[:, :, 0], []
    left = [best[:, points]]
    for _ in range(most):
        through = best[:, None, :] + cost
        before.append(through.argmin(axis=2))
        best = np.take_along_axis(through, before[-1][:, :, None], axis=2)[:, :, 0]
        left.append(best[:, points])
    edges = np.full((len(cost), most + 1, most), points)
    for changes in range(1, most + 1):
        edges[:, changes, :changes] = _way_back(before[:changes], points)
    return Divisions(np.stack(left, axis=1), edges)


def _way_back(before: list[Numbers], points: int) -> Numbers:
    at = np.full(before[0].shape[0], points)
    found = []
    for step in reversed(before):
        at = np.take_along_axis(step, at[:, None], axis=1)[:, 0]
        found.append(at)
    return np.stack(found[::-1], axis=1)


def _sums(values: Floats) -> Floats:
    """Running sums along the last axis that begin with zero."""
    zero = np.zeros((*values.shape[:-1], 1))
    return np.concatenate([zero, np.cumsum(values, axis=-1)], axis=-1)


def _between(sums: Floats) -> Floats:
    difference: Floats = sums[..., :, None] - sums[..., None, :]
    return difference


def _lengths(points: int) -> Floats:
    return _between(np.arange(points + 1, dtype=np.float64))
