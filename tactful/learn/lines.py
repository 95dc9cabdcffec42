"""Learning a linear model: logistic regression on ratios, each feature held to meaning nothing until people say so.

Source: Cox 1958; Hoerl and Kennard 1970.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from tactful.facts.additive import Floats, numbers
from tactful.facts.linear import Linear, Slope, ratios

# Newton's steps; seven or eight are enough.
STEPS = 25
SETTLED = 1e-9
# Most that one step may move [log-odds for one standard deviation]: it cannot run off where outcomes separate.
STRIDE = 4.0


@dataclass(frozen=True, slots=True)
class Straight:
    """How a linear model is learned. ridge: people by whom each slope is held to nothing."""

    ridge: float = 10.0

    def fit(
        self, frame: pl.DataFrame, truth: Floats, features: Sequence[str], *, weight: Floats | None = None
    ) -> Linear:
        """The model of `truth` (0 or 1) given `features`, columns of `frame`; null is unknown.

        weight: of each row. Features that are the same for everybody are left out. Without both outcomes it is a
        constant. Nothing is drawn at random.
        """
        weight = np.ones(truth.size) if weight is None else weight
        scales = [found for name in features if (found := _scale(name, frame, weight)) is not None]
        both = truth.size > 0 and truth.min() < truth.max()
        if not (scales and both):
            return Linear(_log_odds(truth, weight), ())
        columns = np.column_stack([np.ones(truth.size), *(column for each in scales for column in each.columns(frame))])
        base, *pairs = self._settle(columns, truth, weight).tolist()
        slopes = (
            each.slope(*pair) for each, pair in zip(scales, zip(pairs[::2], pairs[1::2], strict=True), strict=True)
        )
        return Linear(base, tuple(slopes))

    def _settle(self, columns: Floats, truth: Floats, weight: Floats) -> Floats:
        held = np.full(columns.shape[1], self.ridge)
        held[0] = 1e-6
        found = np.zeros(columns.shape[1])
        found[0] = _log_odds(truth, weight)
        for _ in range(STEPS):
            chance = 1 / (1 + np.exp(-(columns @ found).clip(-30, 30)))
            slope = columns.T @ (weight * (truth - chance)) - held * found
            bend = (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + np.diag(held)
            step = np.linalg.solve(bend, slope).clip(-STRIDE, STRIDE)
            found = found + step
            if np.abs(step).max() < SETTLED:
                break
        return found


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where one feature lies: mean and standard deviation of its ratios, their range, and the share that is known."""

    feature: str
    middle: float
    spread: float
    low: float
    high: float
    known: float

    def columns(self, frame: pl.DataFrame) -> tuple[Floats, Floats]:
        """Standard deviations from the mean, and whether it is unknown; the mean of both is zero."""
        values = numbers(frame, self.feature)
        unknown = np.isnan(values)
        steps = (ratios(values).clip(self.low, self.high) - self.middle) / self.spread
        return np.where(unknown, 0.0, steps), unknown - (1 - self.known)

    def slope(self, per: float, unknown: float) -> Slope:
        """As it is served. per: for one standard deviation; unknown: for not being known."""
        each = per / self.spread
        start = -each * self.middle - unknown * (1 - self.known)
        return Slope(self.feature, start, each, self.low, self.high, unknown * self.known)


def _scale(feature: str, frame: pl.DataFrame, weight: Floats) -> _Scale | None:
    values = ratios(numbers(frame, feature))
    known = np.isfinite(values)
    if not known.any():
        return None
    middle = float(np.average(values[known], weights=weight[known]))
    spread = float(np.sqrt(np.average((values[known] - middle) ** 2, weights=weight[known])))
    share = float(weight[known].sum() / weight.sum())
    if spread < SETTLED and share == 1.0:
        return None
    return _Scale(feature, middle, max(spread, SETTLED), float(values[known].min()), float(values[known].max()), share)


def _log_odds(truth: Floats, weight: Floats) -> float:
    """Of a share, half a person for each outcome added, so that it is never certain."""
    ones, zeros = float(weight[truth == 1].sum()) + 0.5, float(weight[truth != 1].sum()) + 0.5
    return float(np.log(ones / zeros))
