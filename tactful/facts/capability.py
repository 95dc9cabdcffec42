"""What every folder of `predict` is: one way from facts to a belief, learned or not, that can be told in words."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl
from polars._typing import PolarsDataType

from tactful.kernel.settings import Settings

# Factor, in the seed's words -> the columns that speak for it; a column speaks for one factor only.
Factors = Mapping[str, tuple[str, ...]]

# What a cold start answers first; a column for each factor follows, and whatever is its own.
COLD: dict[str, PolarsDataType] = {
    # 0..1 on the seed's scale; null is unknown
    "score": pl.Float64,
    # 0..1, from how much is known
    "confidence": pl.Float64,
}


class Capability(Protocol):
    """A capability, as its package offers it; its docstring is the card."""

    @property
    def GIVEN(self) -> Mapping[str, PolarsDataType]:
        """The columns a belief is made from. Null is unknown, never zero."""
        ...

    @property
    def FACTORS(self) -> Factors:
        """What a belief is told by; the columns are some of GIVEN."""
        ...

    def cold(self, given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
        """What is believed before any learning: the columns of COLD, then how much each factor makes of the score.

        given: columns of GIVEN, a row for each question. The factors' parts sum to the score and are null where
        nothing is known of the factor. Pure.
        """
        ...

    def reasons(self, factors: Sequence[str], row: Mapping[str, Any]) -> list[str]:
        """A sentence for each of `factors`, with the numbers behind it. row: columns of GIVEN, as far as known."""
        ...


def learned_from(factors: Factors) -> tuple[str, ...]:
    """The columns that learning may use, in the order of the factors."""
    return tuple(name for names in factors.values() for name in names)
