"""How much more often one variant is taken up than another, with intervals that hold however often they are looked at.

A 95 % interval of the usual kind holds at one moment that was fixed before. Looked at every day for a month it misses
the truth at some time in every fourth test or so, and whoever stops at the first good day stops at nothing. These hold
at all times at once: 95 of 100 tests never see the truth outside theirs.
Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024 (asymptotic confidence sequences, normal mixture); the
p-value is that of the same mixture (Robbins 1970; Johari, Koomen, Pekelis and Walsh 2022). Asymptotic means that shares
of few people are not read at all (LEAST), and that shares near 0 and 1 are not believed to vary as little as they seem
to (Agresti and Caffo 2000).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats

# How often a sequence of intervals may miss the truth at any time.
ALPHA = 0.05
# People on either side before anything is said.
LEAST = 50
# At so many people on both sides the intervals are as narrow as they can be made.
MEANT = 2_000.0
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Compared:
    """Differences of shares (-1..1) with their intervals, and p-values (0..1]; nan where too few people are known."""

    value: Floats
    low: Floats
    high: Floats
    p: Floats


def compared(tries: Counts, hits: Counts, control_tries: Counts, control_hits: Counts, *, ways: int = 1) -> Compared:
    """How much more often it was taken up than the control, at each of many times or in each of many tests.

    tries: people whose answer is settled; hits: who took it up; one entry for each time. ways: how many variants are
    held against the same control, so that all their intervals together hold.
    """
    people = np.asarray(tries + control_tries, dtype=np.float64)
    value = hits / np.maximum(tries, 1) - control_hits / np.maximum(control_tries, 1)
    variance = _variance(tries, hits) + _variance(control_tries, control_hits)
    alpha = ALPHA / ways
    grown = people * _sharpness(alpha) + 1
    half = np.sqrt(2 * variance * grown / (grown - 1).clip(1e-12) * np.log(np.sqrt(grown) / alpha))
    odds = np.log(grown) / 2 - value**2 / variance * (grown - 1) / (2 * grown)
    early = np.minimum(tries, control_tries) < LEAST
    p = np.minimum(1.0, ways * np.exp(np.minimum(odds, 0.0)))
    return Compared(*(np.where(early, np.nan, each) for each in (value, value - half, value + half, p)))


def _variance(tries: Counts, hits: Counts) -> Floats:
    """Of a share: one more of either answer is added, for those there will be."""
    share = (hits + 1) / (tries + 2)
    found: Floats = share * (1 - share) / np.maximum(tries, 1)
    return found


def _sharpness(alpha: float) -> float:
    """Square of the mixture's scale, at which intervals are narrowest after MEANT people."""
    wide = -2 * np.log(alpha)
    return float((wide + np.log(wide) + 1) / MEANT)
