"""A learned belief as a sum: every feature adds its own part to the log-odds, looked up in a short table.

`learn` makes them, `predict` serves them, the registry stores them as JSON. A sum can be told in words:
what a feature contributes is exactly what would be missing without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Term:
    """What one feature adds to the log-odds.

    edges: ascending; values: one for x up to the first edge, one up to each next, one beyond the last. unknown:
    what it adds where the feature is null.
    """

    feature: str
    edges: Floats
    values: Floats
    unknown: float

    def __post_init__(self) -> None:
        """raises: ValueError for a table that is none."""
        rising = bool(np.all(np.diff(self.edges) > 0))
        finite = np.isfinite(self.edges).all() and np.isfinite(self.values).all() and np.isfinite(self.unknown)
        if not (rising and finite and self.values.size == self.edges.size + 1):
            raise ValueError(f"The table of {self.feature} is none: edges must rise, with one value more than edges.")

    def of(self, values: Floats) -> Floats:
        """What it adds for each of `values`; nan is unknown."""
        found: Floats = self.values[np.searchsorted(self.edges, values, side="left").clip(0, self.edges.size)]
        return np.where(np.isnan(values), self.unknown, found)


@dataclass(frozen=True, slots=True)
class Additive:
    """A sum of terms, in log-odds. base: of somebody average in everything.

    >>> grade = Term("days_silent", np.array([7.0]), np.array([-1.0, 1.0]), unknown=0.0)
    >>> model = Additive(base=0.0, terms=(grade,))
    >>> model.probability(pl.DataFrame({"days_silent": [3, 30, None]})).round(3).to_list()
    [0.269, 0.731, 0.5]
    """

    base: float
    terms: tuple[Term, ...]

    def contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """What each feature adds for each row, a column for each term. A feature that `frame` lacks is unknown."""
        return pl.DataFrame({term.feature: term.of(numbers(frame, term.feature)) for term in self.terms})

    def log_odds(self, frame: pl.DataFrame) -> Floats:
        """The sum for each row of `frame`."""
        total = np.full(frame.height, self.base)
        for term in self.terms:
            total += term.of(numbers(frame, term.feature))
        return total

    def probability(self, frame: pl.DataFrame) -> pl.Series:
        """The chance for each row [0..1], strictly between."""
        return pl.Series("probability", 1 / (1 + np.exp(-self.log_odds(frame).clip(-30, 30))))

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `additive` makes it again, equal to the last digit."""
        terms = [
            {"feature": t.feature, "edges": t.edges.tolist(), "values": t.values.tolist(), "unknown": t.unknown}
            for t in self.terms
        ]
        return {"form": "additive", "base": self.base, "terms": terms}


def additive(stored: Mapping[str, Any]) -> Additive:
    """The model that `as_dict` told. raises: ValueError for anything else."""
    try:
        terms = tuple(
            Term(str(t["feature"]), _floats(t["edges"]), _floats(t["values"]), float(t["unknown"]))
            for t in stored["terms"]
        )
        return Additive(float(stored["base"]), terms)
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no additive model: {error}.") from error


def _floats(values: Any) -> Floats:
    return np.asarray(values, dtype=np.float64)


def numbers(frame: pl.DataFrame, feature: str) -> Floats:
    """A column of `frame`; nan where it is null, and everywhere if there is none."""
    return floats(frame[feature]) if feature in frame.columns else np.full(frame.height, np.nan)


def floats(column: pl.Series) -> Floats:
    """Null is nan. Nothing is asked of the query engine where the column holds numbers: a hundred such passes are a
    hundred times what one person's belief takes.
    """
    told = column if column.dtype.is_numeric() else column.cast(pl.Float64)
    return told.to_numpy().astype(np.float64)
