"""Beliefs about many alike circumstances, each leaning on the wider ones that hold it.

Every circumstance differs from the next wider one by a normal step, and the widest from what was believed before
anything was learned. Given what was measured the answer is exact: once up the tree, once down.
Source: Chou, Willsky and Benveniste 1994 (trees of normal beliefs).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tactful.facts.rooms import wider


class Belief(NamedTuple):
    """mean: expected value; variance: how far it may be off."""

    mean: float
    variance: float


class _Message(NamedTuple):
    """What is known from below: precision, and precision times mean."""

    precision: float
    weighted: float

    def __add__(self, other: object) -> "_Message":
        if not isinstance(other, _Message):
            return NotImplemented
        return _Message(self.precision + other.precision, self.weighted + other.weighted)


class Tree:
    """What is believed of every circumstance. steps: standard deviation of each step, the widest first.

    measured: circumstance -> what was measured in it, with the variance of that. The widest one is "" and begins at
    zero. Circumstances that nothing is known of are believed to be like the narrowest wider one, less surely.

    >>> tree = Tree({"DROP/small": Belief(1.0, 0.5)}, steps=(1.0, 0.5, 0.5))
    >>> tree.of("DROP/small").mean, tree.of("DROP/large").mean, tree.of("EXIT").mean
    (0.75, 0.625, 0.5)
    """

    def __init__(self, measured: Mapping[str, Belief], *, steps: Sequence[float]) -> None:
        self._variances = [step * step for step in steps]
        self._known = self._down(self._up(measured))

    def of(self, circumstances: str) -> Belief:
        """The belief about these circumstances."""
        path = wider(circumstances)
        depth = max((number for number, node in enumerate(path) if node in self._known), default=-1)
        known = self._known[path[depth]] if depth >= 0 else Belief(0.0, 0.0)
        return Belief(known.mean, known.variance + sum(self._variances[depth + 1 : len(path)]))

    def _up(self, measured: Mapping[str, Belief]) -> dict[str, _Message]:
        below: dict[str, _Message] = {}
        for node, (mean, variance) in measured.items():
            _add(below, node, _Message(1 / variance, mean / variance))
            for each in wider(node):
                _add(below, each, _Message(0.0, 0.0))
        for node in sorted(below, key=_depth, reverse=True):
            if node:
                told = below[node]
                share = 1 + told.precision * self._variances[_depth(node)]
                _add(below, wider(node)[-2], _Message(told.precision / share, told.weighted / share))
        return below

    def _down(self, below: Mapping[str, _Message]) -> dict[str, Belief]:
        found: dict[str, Belief] = {}
        for node in sorted(below, key=_depth):
            above = found[wider(node)[-2]] if node else Belief(0.0, 0.0)
            step, told = self._variances[_depth(node)], below[node]
            rest = 1 / (1 + told.precision * step)
            mean = rest * above.mean + rest * step * told.weighted
            found[node] = Belief(mean, rest * step + rest * rest * above.variance)
        return found


def _add(below: dict[str, _Message], node: str, told: _Message) -> None:
    below[node] = below.get(node, _Message(0.0, 0.0)) + told


def _depth(node: str) -> int:
    return len(wider(node)) - 1
