"""How well scores rank, and how true probabilities are: the measures of every evaluation.

truth: 0 or 1; score: higher means more likely; probability: 0..1. All take NumPy arrays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.kernel.chance import mix

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats], float]

ECE_BINS = 10
ROUNDING = float(np.finfo(np.float64).eps)
RESAMPLES = 200
SEED = 20150501


def auc(truth: Floats, score: Floats) -> float:
    """Chance that somebody with truth 1 scores above somebody with truth 0, ties counting half.

    nan where only one of the two occurs. Source: Mann and Whitney 1947.

    >>> auc(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.2, 0.9]))
    0.75
    """
    positives = truth.sum()
    negatives = truth.size - positives
    if positives == 0 or negatives == 0:
        return float("nan")
    _, place, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    return float((ranks[truth == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(truth: Floats, score: Floats) -> float:
    """Mean precision over the ranks at which the ones are found, ties taken together; nan without any.

    >>> round(average_precision(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.2, 0.9])), 4)
    0.8333
    """
    if not truth.any():
        return float("nan")
    order = np.argsort(-score)
    falling = score[order]
    ends = np.append(np.flatnonzero(falling[1:] != falling[:-1]), truth.size - 1)
    found = np.cumsum(truth[order])[ends]
    return float((np.diff(found, prepend=0.0) * found / (ends + 1)).sum() / found[-1])


def brier(truth: Floats, probability: Floats) -> float:
    """Mean squared difference between probability and truth. Source: Brier 1950.

    >>> brier(np.array([1.0, 0.0]), np.array([0.5, 0.0]))
    0.125
    """
    return float(np.mean((probability - truth) ** 2))


def ece(truth: Floats, probability: Floats) -> float:
    """Expected calibration error: mean gap between probability and frequency over ten equal bins, by their size.

    Source: Naeini, Cooper and Hauskrecht 2015.

    >>> ece(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    0.0
    """
    bins = np.minimum((probability * ECE_BINS).astype(np.int64), ECE_BINS - 1)
    gap = np.bincount(bins, weights=probability - truth, minlength=ECE_BINS)
    return float(np.abs(gap).sum() / truth.size)


def log_loss(truth: Floats, probability: Floats) -> float:
    """Mean surprise [nats]; probabilities of exactly 0 and 1 are drawn in by rounding's breadth.

    >>> round(log_loss(np.array([1.0, 0.0]), np.array([0.5, 0.5])), 4)
    0.6931
    """
    chance = probability.clip(ROUNDING, 1 - ROUNDING)
    return float(-np.mean(np.where(truth == 1, np.log(chance), np.log1p(-chance))))


RANKING: Mapping[str, Measure] = {"auc": auc, "ap": average_precision}
CALIBRATION: Mapping[str, Measure] = {"brier": brier, "ece": ece}


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its 95 % bootstrap interval over people; nan where it cannot be said."""

    metric: str
    value: float
    low: float
    high: float


def measure(
    truth: Floats, score: Floats, measures: Mapping[str, Measure], *, people: NDArray[np.int64] | None = None
) -> list[Measured]:
    """Every one of `measures` of `score`, each with an interval from the same resamples of people.

    people: whose each row is, where somebody has several; all rows of a person are drawn together.
    """
    drawn = {name: np.full(RESAMPLES, np.nan) for name in measures}
    whose = None if people is None else _rows_of_each(people)
    for number in range(RESAMPLES):
        drawn_people = resample(truth.size if whose is None else len(whose), number)
        rows = drawn_people if whose is None else np.concatenate([whose[one] for one in drawn_people])
        for name, each in measures.items():
            drawn[name][number] = each(truth[rows], score[rows])
    return [_measured(name, each(truth, score), drawn[name]) for name, each in measures.items()]


def resample(size: int, number: int) -> NDArray[np.int64]:
    """Row numbers of the `number`-th resample with replacement: the same ones every time."""
    draws: NDArray[np.uint64] = mix(mix(np.arange(size, dtype=np.uint64), SEED), number)
    return (draws % np.uint64(size)).astype(np.int64)


def _rows_of_each(people: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    order = np.argsort(people, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(people[order])) + 1)


def _measured(name: str, value: float, drawn: Floats) -> Measured:
    known = drawn[~np.isnan(drawn)]
    low, high = np.percentile(known, [2.5, 97.5]) if known.size else (np.nan, np.nan)
    return Measured(name, value, float(low), float(high))
