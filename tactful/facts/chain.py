"""From a cold start to what has been learned, link by link: little data never outweighs the simple rule.

In log-odds: a line through the cold start's score; then what lies below (a prior chain, learned from others)
and the model of one's own, mixed by how much is known; a last line that keeps the whole honest; and what one
person has shown of themselves. Every link is a sum, so the whole is one, and can be told factor by factor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tactful.facts.additive import Floats, floats
from tactful.facts.capability import Factors
from tactful.facts.models import Model, model

# Of each person: sum of truth minus chance over what was asked of them, and of chance times its complement.
Shown = tuple[Floats, Floats]

# Log-odds beyond this are as good as certain.
CERTAIN = 30.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line in log-odds."""

    slope: float
    intercept: float

    def of(self, values: Floats) -> Floats:
        """The line at `values`."""
        return self.intercept + self.slope * values


# A score of .5 is an even chance, 0 and 1 are one in ten and nine in ten, until somebody has counted.
UNLEARNED = Line(slope=4.4, intercept=-2.2)
UNCHANGED = Line(slope=1.0, intercept=0.0)


@dataclass(frozen=True, slots=True)
class Belief:
    """What is believed of each row. probability: 0..1, null is unknown.

    contributions: a column for each factor [log-odds]: what it adds to the chance of somebody average.
    """

    probability: pl.Series
    contributions: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Chain:
    """A belief about a capability's question.

    cold: from the cold start's score to log-odds. prior: what it stands on instead, where there is one. model:
    what was learned; share: how much of it counts [0..1]. last: recalibration of the whole. patience: see `own`;
    None: what one person has shown of themselves does not count.

    >>> chain = Chain()
    >>> chain.log_odds(pl.DataFrame({"days": [1]}), np.array([0.5])).tolist()
    [0.0]
    """

    cold: Line = UNLEARNED
    model: Model | None = None
    share: float = 0.0
    last: Line = UNCHANGED
    prior: "Chain | None" = None
    patience: float | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing was learned in it, nor in what it stands on."""
        own = self.model is None and self.cold == UNLEARNED and self.last == UNCHANGED
        return own and (self.prior is None or self.prior.blank)

    def log_odds(self, given: pl.DataFrame, score: Floats) -> Floats:
        """Of each row; nan where the score is."""
        below = self.prior.log_odds(given, score) if self.prior is not None else self.cold.of(score)
        if self.model is not None and self.share > 0:
            below = (1 - self.share) * below + self.share * (self.model.log_odds(given) + 0 * score)
        return self.last.of(below)

    def contributions(self, factors: Factors, given: pl.DataFrame, cold: pl.DataFrame) -> dict[str, Floats]:
        """What each factor adds [log-odds], against somebody average. cold: the cold start of `given`."""
        below = (
            self.prior.contributions(factors, given, cold)
            if self.prior is not None
            else {factor: self.cold.slope * np.nan_to_num(floats(cold[factor])) for factor in factors}
        )
        share = self.share if self.model is not None else 0.0
        adds = self.model.contributions(given) if self.model is not None and share > 0 else pl.DataFrame()
        return {
            factor: self.last.slope * ((1 - share) * below[factor] + share * _together(adds, names, given.height))
            for factor, names in factors.items()
        }

    def believe(
        self, factors: Factors, given: pl.DataFrame, cold: pl.DataFrame, *, shown: Shown | None = None
    ) -> Belief:
        """What is believed of each row of `given`. cold: the cold start of the same rows.

        shown: residual and information of what each person has shown of themselves so far, see `own`. Unknown stays
        unknown.
        """
        whole = self.log_odds(given, floats(cold["score"])) + self.own(shown, given.height)
        chance = pl.Series("probability", 1 / (1 + np.exp(-whole.clip(-CERTAIN, CERTAIN)))).fill_nan(None)
        return Belief(chance, pl.DataFrame(self.contributions(factors, given, cold)))

    def own(self, shown: Shown | None, height: int) -> Floats:
        """What each of `height` persons has shown of themselves [log-odds]; nothing where that does not count."""
        if shown is None or self.patience is None:
            return np.zeros(height)
        return own(*shown, patience=self.patience)

    def as_dict(self) -> dict[str, Any]:
        """As JSON can hold it; `chain` makes it again, equal to the last digit."""
        return {
            "cold": [self.cold.slope, self.cold.intercept],
            "model": self.model.as_dict() if self.model is not None else None,
            "share": self.share,
            "last": [self.last.slope, self.last.intercept],
            "prior": self.prior.as_dict() if self.prior is not None else None,
            "patience": self.patience,
        }


def chain(stored: Mapping[str, Any]) -> Chain:
    """The chain that `as_dict` told. raises: ValueError for anything else."""
    try:
        return Chain(
            cold=Line(*map(float, stored["cold"])),
            model=model(stored["model"]) if stored["model"] is not None else None,
            share=float(stored["share"]),
            last=Line(*map(float, stored["last"])),
            prior=chain(stored["prior"]) if stored["prior"] is not None else None,
            patience=float(stored["patience"]) if stored["patience"] is not None else None,
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"This is no learned belief: {error}.") from error


def own(residual: Floats, information: Floats, *, patience: float) -> Floats:
    """What persons have shown of themselves [log-odds]: one careful step from what was believed of them to what came.

    residual: sum of truth minus probability over what was asked of them; information: sum of probability times
    its complement; patience: the information at which half of the evidence counts.

    >>> own(np.array([2.0, 0.0]), np.array([1.0, 0.0]), patience=4.0).tolist()
    [0.4, 0.0]
    """
    return residual / (information + patience)


def _together(adds: pl.DataFrame, names: tuple[str, ...], height: int) -> Floats:
    total = np.zeros(height)
    for name in names:
        if name in adds.columns:
            total += adds[name].to_numpy()
    return total
