"""Chance of many sessions at once: each session's own, the same alone and among others, and at any replay."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from tactful.facts.additive import Floats
from tactful.kernel.chance import draw

# From this mean on a Poisson number is told from the normal curve, corrected for its lean; below it is counted up.
MANY = 12.0
LEAST = 2.0**-54


@dataclass(frozen=True, slots=True)
class Luck:
    """seed: of all of it; sessions: a number for each session, unsigned."""

    seed: int
    sessions: NDArray[np.uint64]

    @classmethod
    def of(cls, seed: int, first: int, count: int) -> "Luck":
        """For sessions numbered from `first`."""
        return cls(seed, np.arange(first, first + count, dtype=np.uint64))

    def uniform(self, second: int, question: int) -> Floats:
        """One number in (0, 1) for each session: the answer to that question in that second."""
        found: Floats = draw(self.seed, self.sessions, second, question).clip(LEAST)
        return found

    def normal(self, second: int, question: int) -> Floats:
        """The same, from the normal curve."""
        found: Floats = ndtri(self.uniform(second, question))
        return found


def poisson(mean: Floats, chance: Floats) -> Floats:
    """The number with so much chance below it: rises with `mean` where the chance is the same.

    >>> poisson(np.array([0.1, 0.1, 1e6]), np.array([0.5, 0.99, 0.5])).tolist()
    [0.0, 1.0, 1000000.0]
    """
    normal = ndtri(chance)
    found: Floats = np.floor(mean + np.sqrt(mean) * normal + (normal * normal - 1) / 6 + 0.5).clip(0)
    few = np.flatnonzero(mean < MANY)
    found[few] = _counted(mean[few], chance[few])
    return found


def rough(mean: Floats, normal: Floats, shape: float) -> Floats:
    """`mean` times a gamma number of mean 1 and variance 1 / shape. Source: Wilson and Hilferty 1931."""
    found: Floats = mean * (1 - 1 / (9 * shape) + normal / (3 * np.sqrt(shape))).clip(0.05) ** 3
    return found


def _counted(mean: Floats, chance: Floats) -> Floats:
    number, term = np.zeros(mean.size), np.exp(-mean)
    below = term.copy()
    for count in range(1, 80):
        more = chance > below
        if not more.any():
            break
        number[more] = count
        term = term * mean / count
        below = below + term
    return number
