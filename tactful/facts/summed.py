"""A learned belief in which some features are parts of one sum that itself speaks.

Where features are log-odds of the same thing, what their sum adds is no sum of what each adds: on KT-A, left-out
learners, an additive model ranked .781 without the sum and .784 with it. What the sum adds is shared out
among its parts, so that the whole is still told feature by feature, exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tactful.facts.additive import Additive, Floats, additive, numbers

# The name of the column that holds the sum, while a model is learned and asked.
SUM = "sum_of_parts"


@dataclass(frozen=True, slots=True)
class Summed:
    """An additive model that also looks at the sum of `parts`, columns of what it is asked about.

    usual: what each part is on average. slope: what one unit of the sum adds, on the whole. A part that is null or
    missing is taken to be as usual in the sum; where all are, the sum is unknown.
    """

    model: Additive
    parts: tuple[str, ...]
    usual: tuple[float, ...]
    slope: float

    @property
    def base(self) -> float:
        """What somebody gets about whom every feature adds nothing."""
        return self.model.base

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """One for each row of `frame`."""
        return self.model.log_odds(with_sum(frame, self.parts, self.usual))

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """A column for each feature; with `base` they sum to `log_odds`.

        Of what the sum adds, each part gets the slope times how far it is from usual, and what the straight line
        leaves is shared out evenly.
        """
        adds = self.model.contributions(with_sum(frame, self.parts, self.usual))
        if SUM not in adds.columns:
            return adds
        away = _filled(_values(frame, self.parts), self.usual) - np.array(self.usual)
        rest = adds[SUM].to_numpy() - self.slope * away.sum(axis=1)
        told = {name: adds[name].to_numpy() for name in adds.columns if name != SUM}
        for place, part in enumerate(self.parts):
            told[part] = told.get(part, 0.0) + self.slope * away[:, place] + rest / len(self.parts)
        return pl.DataFrame(told)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `summed` makes it again, equal to the last digit."""
        return {
            "form": "summed",
            "model": self.model.as_dict(),
            "parts": list(self.parts),
            "usual": list(self.usual),
            "slope": self.slope,
        }


def summed(stored: Mapping[str, Any]) -> Summed:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    try:
        parts, usual = tuple(map(str, stored["parts"])), tuple(map(float, stored["usual"]))
        if not parts or len(parts) != len(usual):
            raise ValueError("This is no summed model: each part needs what is usual of it.")
        return Summed(additive(stored["model"]), parts, usual, float(stored["slope"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no summed model: {error}.") from error


def with_sum(frame: pl.DataFrame, parts: tuple[str, ...], usual: tuple[float, ...]) -> pl.DataFrame:
    """`frame` with the column SUM."""
    values = _values(frame, parts)
    total = np.where(np.isnan(values).all(axis=1), np.nan, _filled(values, usual).sum(axis=1))
    return frame.hstack([pl.Series(SUM, total, nan_to_null=True)])


def _values(frame: pl.DataFrame, parts: tuple[str, ...]) -> Floats:
    return np.column_stack([numbers(frame, name) for name in parts])


def _filled(values: Floats, usual: tuple[float, ...]) -> Floats:
    return np.where(np.isnan(values), np.array(usual), values)
