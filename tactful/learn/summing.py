"""Learning a model in which some features are parts of a sum that itself speaks."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from tactful.facts.additive import Additive, Floats
from tactful.facts.summed import SUM, Summed, with_sum
from tactful.learn.boosting import Boosting


@dataclass(frozen=True, slots=True)
class Summing:
    """How a summed model is learned. parts: columns in the same unit; their sum is one more feature."""

    parts: tuple[str, ...]
    boosting: Boosting = field(default_factory=Boosting)

    def fit(
        self, frame: pl.DataFrame, truth: Floats, features: Sequence[str], *, weight: Floats | None = None
    ) -> Summed:
        """The model of `truth` (0 or 1) given `features`, columns of `frame`, and the sum of the parts."""
        means = frame.select(pl.col(name).cast(pl.Float64).mean().fill_null(0.0) for name in self.parts).row(0)
        usual = tuple(float(mean) for mean in means)
        whole = with_sum(frame, self.parts, usual)
        model = self.boosting.fit(whole, truth, (*features, SUM), weight=weight)
        return Summed(model, self.parts, usual, _slope(model, whole))


def _slope(model: Additive, whole: pl.DataFrame) -> float:
    """Of the straight line that comes closest to what the sum adds; a falling or a rising one."""
    adds = model.contributions(whole)
    if SUM not in adds.columns:
        return 0.0
    known = whole[SUM].is_not_null()
    total, added = whole[SUM].filter(known).to_numpy(), adds[SUM].filter(known).to_numpy()
    away = total - total.mean()
    return float(away @ added / max(float(away @ away), 1e-9))
