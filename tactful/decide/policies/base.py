"""What a policy is."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from tactful.kernel.settings import Settings


@dataclass(frozen=True, slots=True)
class Policy:
    """What chooses among allowed candidates.

    choose: takes candidates (row, kind, priority, expected, draw; only allowed ones, any order) and
    answers at most one line per row: row, kind, propensity (0..1]. It reads nothing else. A policy that learns also
    reads what is believed of each candidate's effect: mean and spread, one standard deviation, in the same unit.
    by: the same policy under other settings, where it depends on some.
    """

    name: str
    version: int
    choose: Callable[[pl.DataFrame], pl.DataFrame]
    by: "Callable[[Settings], Policy] | None" = None

    @property
    def label(self) -> str:
        """Name and version, as the ledger writes it."""
        return f"{self.name}/{self.version}"
