"""How likely each of some independent normal beliefs is the largest.

The chance of arm i is the integral of its density times the other arms' distribution functions. All of these are as
smooth as the normal curve, so that the plain trapezoid rule settles exponentially: its error falls with
exp(-2 pi^2 w^2 / h^2), h the step and w the width of the product. Source: Trefethen and Weideman 2014.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from tactful.facts.additive import Floats

# Beyond so many standard deviations nothing is looked at: there lie .00000002 of a belief.
TAIL = 5.5
# Steps within the width of the product; one more would change the ninth digit.
FINE = 1.25
# A belief is taken to be at least this part of the widest one: narrower, no seventh digit changes.
NARROW = 1e-3
LEAST = 1e-12
# Numbers worked on at a time, so that they stay in the processor's cache.
CHUNK = 1 << 15


def supreme(mean: Floats, spread: Floats) -> Floats:
    """Chance of each arm to be the largest [0..1], exact to 1e-6; each row sums to 1.

    mean, spread: [rows, arms], any unit; spread is one standard deviation. What a row gets does not depend on the
    other rows.

    >>> supreme(np.array([[0.0, 0.0, 0.0]]), np.array([[1.0, 1.0, 1.0]])).round(6).tolist()
    [[0.333333, 0.333333, 0.333333]]
    """
    wide = np.maximum(spread, np.maximum(NARROW * spread.max(axis=1, keepdims=True), LEAST))
    low, high = (mean - TAIL * wide).max(axis=1), (mean + TAIL * wide).max(axis=1)
    # What lies below everything that counts does not make the product any narrower.
    counts = mean + TAIL * wide > low[:, None]
    narrow = np.sqrt(np.where(counts, wide**-2.0, 0.0).cumsum(axis=1)[:, -1])
    points = _points((high - low) * narrow * FINE)
    chances = np.empty_like(wide)
    for number in np.unique(points):
        rows = np.flatnonzero(points == number)
        size = max(1, CHUNK // (int(number) * wide.shape[1]))
        for first in range(0, rows.size, size):
            some = rows[first : first + size]
            chances[some] = _summed(mean[some], wide[some], low[some], high[some], int(number))
    found: Floats = chances / chances.cumsum(axis=1)[:, -1:]
    return found


def _points(wanted: Floats) -> NDArray[np.int64]:
    """At least as many points as wanted, as a power of two: few sizes, each worked on together."""
    found: NDArray[np.int64] = 2 ** np.ceil(np.log2(wanted + 1)).astype(np.int64).clip(4)
    return found


def _summed(mean: Floats, wide: Floats, low: Floats, high: Floats, points: int) -> Floats:
    """The integrals, but for a factor common to a row."""
    at = low[:, None] + (high - low)[:, None] * (np.arange(points) / (points - 1))
    apart = (at[:, None, :] - mean[:, :, None]) / wide[:, :, None]
    density = np.exp(-0.5 * apart * apart) / wide[:, :, None]
    return np.asarray((density * _others(ndtr(apart))).sum(axis=2))


def _others(below: Floats) -> Floats:
    """For each arm the product of all other arms' chances to lie below. below: [rows, arms, points]."""
    others = np.ones_like(below)
    others[:, 1:] = np.cumprod(below[:, :-1], axis=1)
    behind = np.ones_like(below[:, 0])
    for arm in range(below.shape[1] - 2, -1, -1):
        behind = behind * below[:, arm + 1]
        others[:, arm] *= behind
    return others
