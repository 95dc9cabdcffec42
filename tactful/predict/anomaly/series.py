"""Numbers that come one at a time, of any kind and scale: how far is this one outside everything seen?

For measures that are no audiences: messages a minute of a whole organisation, seconds a page takes, costs of a day.
Nothing in the engine asks it yet; `tactful evaluate anomaly` does (AN-B).

Five views of a series each keep a remembered range; a value outside its range, by a share of the range, surprises by
that share times the weight of the view. All series move on together, with a few operations for each value.

value: its logarithm; drift: mean of the last ten departures; both ranges are slowly forgotten. swing: the value less
its slow mean. shift: mean of the last 20 values. context: departure from the envelope of the same time 1, 2, 3 and 7
days before, two values to either side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tactful.kernel.errors import BadInput
from tactful.predict.anomaly.numbers import Flags

Floats = NDArray[np.float64]

VIEWS = ("value", "swing", "shift", "context", "drift")
WEIGHTS = np.array([0.15, 0.15, 0.3, 1.0, 0.15])[:, None]
# Shares of its range that a view forgets with each value.
FORGOTTEN = np.array([2e-4, 0, 0, 0, 2e-4])[:, None]
SLOW, SHIFT, DRIFT = 0.02, 20, 10
DAYS, NEAR = (1, 2, 3, 7), 2
# A score counts only when it tops all of the last so many.
QUIET = 100
# A range of nothing is this wide; of ranges that do not forget, at least this share of their top.
NARROWEST, FLATTEST = 1e-9, 1e-6


@dataclass(slots=True)
class Mean:
    """The mean of the last values of each series, moved on with every value."""

    last: Floats
    total: Floats

    @classmethod
    def over(cls, size: int, count: int) -> "Mean":
        """Over `size` values, of `count` series."""
        return cls(np.zeros((size, count)), np.zeros(count))

    def move(self, tick: int, values: Floats) -> Floats:
        """Take in the values of this tick; until there are enough, the mean of those there are."""
        place = tick % len(self.last)
        self.total += values - self.last[place]
        self.last[place] = values
        return self.total / min(tick + 1, len(self.last))


class Series:
    """Series that all begin now, with a value each at every tick.

    >>> watched = Series([0])
    >>> calm = [float(watched.advance([10 + number % 3])[0]) for number in range(300)]
    >>> max(calm[100:]) < 0.2 < float(watched.advance([40])[0])
    True
    """

    def __init__(self, per_day: ArrayLike) -> None:
        """per_day: [n] values in a day of each series; 0 for one without days."""
        self._per_day = np.asarray(per_day, np.int64)
        count = self._per_day.size
        self._tick = 0
        self._past = np.full((max(DAYS) * int(self._per_day.max(initial=0)) + NEAR + 1, count), np.nan)
        self._mean = np.zeros(count)
        self._shift, self._drift = Mean.over(SHIFT, count), Mean.over(DRIFT, count)
        self._low = self._high = np.zeros((len(VIEWS), count))
        self._peaks = np.zeros((QUIET, count))
        lags = [(day, near) for day in DAYS for near in range(-NEAR, NEAR + 1)]
        self._lags = np.array([[day * self._per_day + near] for day, near in lags])[:, 0]

    def advance(self, values: ArrayLike, *, told: bool | Flags = True) -> Floats:
        """[n] How surprising each of `values` is, 0 and up; 0 where it does not top the last hundred.

        told: whether a score of now is given to anybody, and hence has to be topped. raises: BadInput for a value that
        is no finite number, or too many or few of them.
        """
        x = np.asarray(values, np.float64)
        if x.shape != self._mean.shape or not np.isfinite(x).all():
            raise BadInput("values must be a finite number for each series.", fields=["values"])
        score = self._surprise(self._views(x))
        self._past[self._tick % len(self._past)] = x
        over = np.where(score > self._peaks.max(axis=0), score, 0.0)
        self._peaks[self._tick % QUIET] = np.where(told, score, 0.0)
        self._tick += 1
        return over

    def _views(self, x: Floats) -> Floats:
        """[views, n]."""
        if self._tick == 0:
            self._mean = x.copy()
        swing = x - self._mean
        self._mean += SLOW * swing
        gone = self._departure(x)
        shift, drift = self._shift.move(self._tick, x), self._drift.move(self._tick, gone)
        return np.stack([np.sign(x) * np.log1p(np.abs(x)), swing, shift, gone, drift])

    def _departure(self, x: Floats) -> Floats:
        """How far outside of what was there at this time of day; 0 inside, and where there is no past."""
        known = (self._per_day > 0) & (self._lags > 0) & (self._lags <= self._tick)
        then = self._past[(self._tick - self._lags) % len(self._past), np.arange(x.size)]
        none = ~known.any(axis=0)
        lowest = np.where(none, x, np.where(known, then, np.inf).min(axis=0))
        highest = np.where(none, x, np.where(known, then, -np.inf).max(axis=0))
        return np.maximum(x - highest, 0) - np.maximum(lowest - x, 0)

    def _surprise(self, views: Floats) -> Floats:
        """[n] The weightiest view's share outside its range; ranges then take the views in."""
        if self._tick == 0:
            self._low, self._high = views.copy(), views.copy()
        flat = np.where(FORGOTTEN == 0, FLATTEST * np.abs(self._high), 0)
        width = self._high - self._low + NARROWEST + flat
        outside = np.maximum(np.maximum(views - self._high, self._low - views), 0)
        forgotten = FORGOTTEN * (self._high - self._low)
        self._high = np.maximum(self._high - forgotten, views)
        self._low = np.minimum(self._low + forgotten, views)
        found: Floats = (WEIGHTS * outside / width).max(axis=0)
        return found
