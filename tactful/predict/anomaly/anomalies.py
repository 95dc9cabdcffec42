"""What was found: columns with a row for each anomaly, and single ones as records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tactful.predict.anomaly.numbers import KINDS, TICK_SECONDS
from tactful.predict.anomaly.severity import SEVERITIES

Reals = NDArray[np.float64]
Places = NDArray[np.int64]

# Rates are told for each minute and a hundred viewers.
SCALE = 60 / TICK_SECONDS * 100


@dataclass(frozen=True, slots=True)
class Anomaly:
    """One change of one live session.

    row: of the detector. kind: SUDDEN_DROP, GRADUAL_DECLINE, LOW_ENGAGEMENT or MASS_EXIT. severity: low, medium, high
    or critical. probability: that it is there [0..1]. score, expected_score: engagement now and as expected [0..1],
    where .5 is usual. change: of signals for each viewer, or of viewers [%], below 0. now, expected: signals a minute
    for each hundred viewers; of a mass exit, viewers. seconds: how long ago it began, as far as can be told. viewers:
    now. chances: of a sudden drop, a gradual decline and low engagement, side by side [0..1]; zeros of a mass exit.
    """

    row: int
    kind: str
    severity: str
    probability: float
    score: float
    expected_score: float
    change: float
    now: float
    expected: float
    seconds: int
    viewers: int
    chances: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Anomalies:
    """[n] anomalies in columns, as in `Anomaly`; kind and severity are places in KINDS and SEVERITIES; chances [n, 3].

    Iterating answers single records, in order of row.
    """

    row: Places
    kind: Places
    severity: Places
    probability: Reals
    score: Reals
    expected_score: Reals
    change: Reals
    now: Reals
    expected: Reals
    seconds: Places
    viewers: Places
    chances: Reals

    def __len__(self) -> int:
        return int(self.row.size)

    def __iter__(self) -> Iterator[Anomaly]:
        for values in zip(*(getattr(self, name).tolist() for name in NAMES), strict=True):
            one = dict(zip(NAMES, values, strict=True))
            words = {"kind": KINDS[one["kind"]], "severity": SEVERITIES[one["severity"]]}
            yield Anomaly(**one | words | {"chances": tuple(one["chances"])})


NAMES = tuple(field.name for field in fields(Anomalies))


def joined(parts: Sequence[Anomalies]) -> Anomalies:
    """All of them, by row, and by kind where a row has several."""
    every = Anomalies(*(np.concatenate([getattr(part, name) for part in parts]) for name in NAMES))
    order = np.lexsort((every.kind, every.row))
    return Anomalies(*(getattr(every, name)[order] for name in NAMES))


def none() -> Anomalies:
    """Nothing found."""
    whole, real = np.zeros(0, np.int64), np.zeros(0)
    return Anomalies(whole, whole, whole, real, real, real, real, real, real, whole, whole, np.zeros((0, 3)))


def signals_a_minute(log_rate: NDArray[np.floating]) -> Reals:
    """Signals a minute for each hundred viewers. log_rate: of one viewer and tick.

    >>> signals_a_minute(np.log([0.01])).round(6).tolist()
    [6.0]
    """
    return np.exp(log_rate.astype(np.float64)) * SCALE


def score(log_rate: NDArray[np.floating], usual: NDArray[np.floating]) -> Reals:
    """Engagement [0..1]: the rate as a share of itself and the usual one. At the usual rate .5; never full.

    >>> score(np.log([0.02, 0.06, 0.18]), np.log([0.06])).round(2).tolist()
    [0.25, 0.5, 0.75]
    """
    return 1 / (1 + np.exp(usual.astype(np.float64) - log_rate))
