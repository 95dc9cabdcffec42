"""What an organisation's live sessions are usually like: where a new session's level is expected to lie."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tactful.predict.anomaly.numbers import Numbers

# How many sessions what is usual everywhere counts for, about the mean and about how far sessions differ.
MEAN_WEIGHT, SPREAD_WEIGHT = 2.0, 8.0


@dataclass(frozen=True, slots=True)
class Usual:
    """mean, spread: of the log rate of sessions, signals of one viewer in one tick."""

    mean: float
    spread: float


DEFAULT = Usual(Numbers().usual, Numbers().usual_spread)


def usual(levels: ArrayLike, default: Usual = DEFAULT) -> Usual:
    """What earlier sessions' log rates (`Detector.usual`) make of `default`: with none, nothing.

    Source: the mean of a normal with a conjugate prior, Gelman et al. 2013, section 3.3.

    >>> usual([-2.0] * 6).mean
    -2.25
    >>> usual([]) == DEFAULT
    True
    """
    seen = np.asarray(levels, np.float64)
    if seen.size == 0:
        return default
    mean = (MEAN_WEIGHT * default.mean + seen.sum()) / (MEAN_WEIGHT + seen.size)
    apart = MEAN_WEIGHT * seen.size / (MEAN_WEIGHT + seen.size) * (seen.mean() - default.mean) ** 2
    squares = SPREAD_WEIGHT * default.spread**2 + ((seen - seen.mean()) ** 2).sum() + apart
    return Usual(float(mean), float(np.sqrt(squares / (SPREAD_WEIGHT + seen.size))))
