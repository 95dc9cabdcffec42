"""A learned belief as a sum of curves: every feature adds its own part to the log-odds, read off a few points.

Between two points the curve is straight, beyond the outer ones flat. It needs far fewer people than a table of steps,
and starts from what was believed before (see learn.smoothing), so it is right for one person as for many.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tactful.facts.additive import Floats


@dataclass(frozen=True, slots=True)
class Curve:
    """What one feature adds to the log-odds. knots: ascending; values: what it adds there. unknown: where it is null.

    >>> Curve("days", np.array([0.0, 10.0]), np.array([-1.0, 1.0]), unknown=0.0).of(np.array([5.0, 99.0, np.nan]))
    array([0., 1., 0.])
    """

    feature: str
    knots: Floats
    values: Floats
    unknown: float

    def __post_init__(self) -> None:
        """raises: ValueError for a curve that is none."""
        rising = self.knots.size > 0 and bool(np.all(np.diff(self.knots) > 0))
        finite = np.isfinite(self.knots).all() and np.isfinite(self.values).all() and np.isfinite(self.unknown)
        if not (rising and finite and self.values.size == self.knots.size):
            raise ValueError(f"The curve of {self.feature} is none: knots must rise, with one value for each.")

    def of(self, values: Floats) -> Floats:
        """What it adds for each of `values`; nan is unknown."""
        return np.where(np.isnan(values), self.unknown, np.interp(values, self.knots, self.values))


@dataclass(frozen=True, slots=True)
class Smooth:
    """A sum of curves, in log-odds. base: of somebody average in everything."""

    base: float
    curves: tuple[Curve, ...]

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What each feature adds for each row, a column for each curve. A feature that `frame` lacks is unknown."""
        return pl.DataFrame({curve.feature: adds for curve, adds in self._adds(frame)})

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """The sum for each row of `frame`."""
        total = np.full(frame.height, self.base)
        for _, adds in self._adds(frame):
            total += adds
        return total

    def _adds(self, frame: pl.DataFrame) -> Iterator[tuple[Curve, Floats]]:
        numbers = columns(frame, [curve.feature for curve in self.curves])
        for place, curve in enumerate(self.curves):
            yield curve, curve.of(numbers[:, place])

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `smooth` makes it again, equal to the last digit."""
        curves = [
            {"feature": c.feature, "knots": c.knots.tolist(), "values": c.values.tolist(), "unknown": c.unknown}
            for c in self.curves
        ]
        return {"form": "smooth", "base": self.base, "curves": curves}


def smooth(stored: Mapping[str, Any]) -> Smooth:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    try:
        curves = tuple(
            Curve(str(c["feature"]), _floats(c["knots"]), _floats(c["values"]), float(c["unknown"]))
            for c in stored["curves"]
        )
        return Smooth(float(stored["base"]), curves)
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no sum of curves: {error}.") from error


def columns(frame: pl.DataFrame, features: Sequence[str]) -> Floats:
    """The features' numbers, a column each; nan where one is null, everywhere where `frame` lacks it."""
    known = [name for name in features if name in frame.columns]
    numbers = np.full((frame.height, len(features)), np.nan)
    if known:
        places = [place for place, name in enumerate(features) if name in frame.columns]
        numbers[:, places] = frame.select(pl.col(known).cast(pl.Float64)).to_numpy()
    return numbers


def _floats(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)
