"""Least squares where rows of one group are alike: one coefficient, and how far it may be off with few groups.

Residuals come out too small, most of all where a group has much to say. Each group's are therefore blown up by as much
as they would have shrunk if all rows were independent (CR2), and the interval is that of Student's t with as many
degrees of freedom as that variance has (Satterthwaite's). With many groups this is the usual clustered interval.
Source: Bell and McCaffrey 2002; Pustejovsky and Tipton 2018.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from tactful.facts.additive import Floats

Groups = NDArray[np.int64]

# Below this part of the largest, a direction of the columns holds nothing.
FLAT = 1e-10


class Fit(NamedTuple):
    """One coefficient. error: standard error; freedom: its degrees of freedom."""

    value: float
    error: float
    freedom: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, low and high; infinite where nothing says how far it may be off."""
        if not self.freedom > 0:
            return -np.inf, np.inf
        half = float(stdtrit(self.freedom, 0.975)) * self.error
        return self.value - half, self.value + half


def fit(columns: Floats, outcome: Floats, groups: Groups, *, which: int, weight: Floats | None = None) -> Fit:
    """The coefficient of column number `which`.

    columns: [rows, columns]; outcome, weight (not negative), groups (any whole number for each group): [rows]. Columns
    that say the same share what they say.

    >>> ones, value = np.ones((4, 1)), np.array([1.0, 2.0, 3.0, 4.0])
    >>> found = fit(ones, value, np.arange(4), which=0)
    >>> found.value, round(found.error, 4), round(found.freedom, 4)
    (2.5, 0.6455, 3.0)
    """
    scale = np.ones(outcome.size) if weight is None else np.sqrt(weight)
    made, sought = columns * scale[:, None], outcome * scale
    half = _root(made.T @ made)
    turned = made @ half
    found = half @ (turned.T @ sought)
    asked = half[which]
    inner, told = _by_group(turned, sought - made @ found, groups)
    blown = _blown_up(inner)
    leaning = np.einsum("gij,j->gi", blown, asked)
    scores = (leaning * told).sum(axis=1)
    return Fit(float(found[which]), float(np.sqrt((scores**2).sum())), _freedom(inner, leaning))


def _root(inner: Floats) -> Floats:
    """Symmetric root of the inverse; directions that hold nothing are left out."""
    values, vectors = np.linalg.eigh(inner)
    kept = values > FLAT * max(float(values.max()), FLAT)
    roots = np.divide(1.0, np.sqrt(values, where=kept, out=np.ones_like(values)), where=kept, out=np.zeros_like(values))
    found: Floats = (vectors * roots) @ vectors.T
    return found


def _by_group(turned: Floats, rest: Floats, groups: Groups) -> tuple[Floats, Floats]:
    """For each group the inner product of its rows, and theirs with what is left over."""
    _, place = np.unique(groups, return_inverse=True)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    rows = turned[order]
    inner = np.add.reduceat(rows[:, :, None] * rows[:, None, :], starts, axis=0)
    return inner, np.add.reduceat(rows * rest[order, None], starts, axis=0)


def _blown_up(inner: Floats) -> Floats:
    """(I - inner)^(-1/2) of each group; nothing in directions that one group alone decides."""
    values, vectors = np.linalg.eigh(np.eye(inner.shape[1]) - inner)
    kept = values > 1e-8
    roots = np.divide(1.0, np.sqrt(values, where=kept, out=np.ones_like(values)), where=kept, out=np.zeros_like(values))
    found: Floats = np.einsum("gij,gj,gkj->gik", vectors, roots, vectors)
    return found


def _freedom(inner: Floats, leaning: Floats) -> float:
    """Satterthwaite's degrees of freedom, without ever making a table of groups by groups."""
    through = np.einsum("gij,gj->gi", inner, leaning)
    own, seen = (leaning * through).sum(axis=1), (through**2).sum(axis=1)
    squared = float((own**2).sum() - 2 * (own * seen).sum() + ((through.T @ through) ** 2).sum())
    return float((own - seen).sum()) ** 2 / squared if squared > 0 else 0.0
