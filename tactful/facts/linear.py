"""A learned belief as a line: every feature, on a scale of ratios, adds in proportion to the log-odds.

Little data can fill few steps of a table, but it can tell whether more means likelier. So this stands beside
`additive`, which knows bends that a line does not.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl

from tactful.facts.additive import Floats, numbers


@dataclass(frozen=True, slots=True)
class Slope:
    """What one feature adds to the log-odds: `start` at zero, and `per` for each unit of `ratios`.

    low, high: where it stops counting more [ratios]; unknown: what it adds where the feature is null.
    """

    feature: str
    start: float
    per: float
    low: float
    high: float
    unknown: float

    def __post_init__(self) -> None:
        """raises: ValueError for a slope that is none."""
        parts = (self.start, self.per, self.low, self.high, self.unknown)
        if not (np.isfinite(parts).all() and self.low <= self.high):
            raise ValueError(f"The slope of {self.feature} is none: all of it must be finite, low below high.")

    def of(self, values: Floats) -> Floats:
        """What it adds for each of `values`; nan is unknown."""
        return np.where(
            np.isnan(values), self.unknown, self.start + self.per * ratios(values).clip(self.low, self.high)
        )


@dataclass(frozen=True, slots=True)
class Linear:
    """A sum of slopes, in log-odds. base: of somebody average in everything.

    >>> model = Linear(base=0.0, slopes=(Slope("days_silent", -3.0, 1.5, 0.0, 4.0, unknown=0.0),))
    >>> model.log_odds(pl.DataFrame({"days_silent": [0, 400, None]})).tolist()
    [-3.0, 3.0, 0.0]
    """

    base: float
    slopes: tuple[Slope, ...]

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What each feature adds for each row, a column for each slope. A feature that `frame` lacks is unknown."""
        return pl.DataFrame({slope.feature: slope.of(numbers(frame, slope.feature)) for slope in self.slopes})

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """The sum for each row of `frame`."""
        total = np.full(frame.height, self.base)
        for slope in self.slopes:
            total += slope.of(numbers(frame, slope.feature))
        return total

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `linear` makes it again, equal to the last digit."""
        return {"form": "linear", "base": self.base, "slopes": [asdict(slope) for slope in self.slopes]}


def ratios(values: Floats) -> Floats:
    """Values on a scale on which twice as much is one step, wherever far from zero; the sign stays.

    >>> ratios(np.array([-3.0, 0.0, 1.0, 1023.0])).tolist()
    [-2.0, 0.0, 1.0, 10.0]
    """
    told: Floats = np.sign(values) * np.log2(1 + np.abs(values))
    return told


def linear(stored: Mapping[str, Any]) -> Linear:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    try:
        slopes = tuple(
            Slope(str(each["feature"]), *(float(each[name]) for name in ("start", "per", "low", "high", "unknown")))
            for each in stored["slopes"]
        )
        return Linear(float(stored["base"]), slopes)
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no linear model: {error}.") from error
