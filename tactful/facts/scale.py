"""Telling learned chances on the seed's scale, so that a level keeps meaning few people, whatever their number."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.chain import Chain


@dataclass(frozen=True, slots=True)
class Scale:
    """Learned chances from which something is medium, high and critical; rising."""

    medium: float
    high: float
    critical: float

    def told(self, chance: pl.Expr, marks: tuple[float, float, float]) -> pl.Expr:
        """`chance` (0..1) bent so that the edges lie at `marks`; order is kept and null stays null."""
        points = (
            (0.0, 0.0),
            *zip((self.medium, self.high, self.critical), marks, strict=True),
            (max(1.0, self.critical), 1.0),
        )
        pieces = [
            low_told + (chance - low) * ((high_told - low_told) / max(high - low, 1e-9))
            for (low, low_told), (high, high_told) in pairwise(points)
        ]
        # Rounding must not lift anybody onto a mark whose edge they have not reached.
        below = [
            piece.clip(upper_bound=float(np.nextafter(mark, 0))) for piece, mark in zip(pieces, marks, strict=False)
        ]
        return (
            pl.when(chance >= self.critical).then(pieces[3])
            .when(chance >= self.high).then(below[2])
            .when(chance >= self.medium).then(below[1])
            .otherwise(below[0])
        )  # fmt: skip


UNSCALED = Scale(0.3, 0.5, 0.7)


@dataclass(frozen=True, slots=True)
class Served:
    """What serves an organisation: a learned chain, and the scale its chances are told on."""

    chain: Chain
    scale: Scale = UNSCALED


def scaled(chances: Floats, marks: tuple[float, float, float], shares: tuple[float, float, float]) -> Scale:
    """The scale on which at most `shares` of `chances` are at least medium, at least high, and critical.

    Chances are taken as they are, an edge at its mark, unless too many would lie beyond it.

    >>> scaled(np.array([0.1, 0.2, 0.9, 0.95]), (0.3, 0.5, 0.7), (1.0, 0.5, 0.25))
    Scale(medium=0.3, high=0.9, critical=0.95)
    """
    rising = np.sort(chances)
    medium, high, critical = (max(mark, _edge(rising, share)) for mark, share in zip(marks, shares, strict=True))
    return Scale(medium, max(medium, high), max(medium, high, critical))


def _edge(rising: Floats, share: float) -> float:
    """The lowest of these chances that at most `share` of all reach; just above them all where even that is too many.

    Who has the very same chance as the first one too many stays below, for like must be told alike.
    """
    few = rising.size - int(rising.size * share)
    if few == 0:
        return 0.0
    above = rising[np.searchsorted(rising, rising[few - 1], side="right") :]
    return float(above[0]) if above.size else float(np.nextafter(rising[-1], 2.0))
