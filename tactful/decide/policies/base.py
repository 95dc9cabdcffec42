"""What a policy is."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True, slots=True)
class Policy:
    """What chooses among allowed candidates.

    choose: takes candidates (row, kind, priority, expected, draw; only allowed ones, any order) and
    answers at most one line per row: row, kind, propensity (0..1]. It reads nothing else. A policy that learns also
    reads what is believed of each candidate's effect: mean and spread, one standard deviation, in the same unit.
    """

    name: str
    version: int
    choose: Callable[[pl.DataFrame], pl.DataFrame]

    @property
    def label(self) -> str:
        """Name and version, as the ledger writes it."""
        return f"{self.name}/{self.version}"
