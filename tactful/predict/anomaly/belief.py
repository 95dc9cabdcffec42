"""How likely each kind of change is: the odds of its shapes, averaged over onsets, against nothing-happened."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.predict.anomaly.numbers import LOW, Numbers, Singles
from tactful.predict.anomaly.shapes import FROM_START, GROUPS, Bank

# Log odds beyond these make no difference, and would overflow in single precision.
SUREST = 60.0


@dataclass(frozen=True, slots=True)
class Belief:
    """probability: [n, 3] of drop, decline and low engagement. shape: [n, 3] the likeliest column of each."""

    probability: Singles
    shape: NDArray[np.int64]


def believe(odds: Singles, numbers: Numbers, shapes: Bank) -> Belief:
    """What the odds [n, shapes] say. What passes by itself takes its share and is no change."""
    n = len(odds)
    total = np.empty((n, GROUPS), np.float32)
    likeliest = np.empty((n, GROUPS), np.int64)
    every = np.arange(n)
    for group in range(GROUPS):
        part = shapes.part(group)
        mine = odds[:, part]
        best = mine.argmax(axis=1)
        most = mine[every, best]
        likeliest[:, group] = best + part.start
        total[:, group] = most + np.log(np.exp(mine - most[:, None]).mean(axis=1)) + np.float32(numbers.odds[group])
    weight = np.exp(np.clip(total, -SUREST, SUREST))
    weight[total < -SUREST] = 0
    share = weight / (1 + weight.sum(axis=1, keepdims=True))
    from_start = total[:, FROM_START] > total[:, LOW]
    share[:, LOW] += share[:, FROM_START]
    likeliest[from_start, LOW] = likeliest[from_start, FROM_START]
    return Belief(share[:, :FROM_START], likeliest[:, :FROM_START])
