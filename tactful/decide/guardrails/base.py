"""What a guard rail is, and what all of them may look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from tactful.kernel.records import Limits


@dataclass(frozen=True, slots=True)
class Bounds:
    """The instant, and what is the same for everybody. holdout: share 0..1; kinds: names that exist."""

    at: datetime
    limits: Limits
    holdout: float
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rail:
    """A rule that may forbid.

    forbids: from the bounds, an expression over candidates (MOMENT columns, plus kind, initiative,
    cooldown [s], critical, channel). why: what it means for a person, with {columns} filled in.
    defers: what it forbids may come later. spent: it counts what an intervention itself has used
    up, so an intervention that has already claimed its attention is not asked again.
    """

    name: str
    forbids: Callable[[Bounds], pl.Expr]
    why: str
    defers: bool = False
    spent: bool = False


def today(column: str) -> pl.Expr:
    """A counter of attention, if it belongs to the person's present local day; else 0.

    A day that lies ahead (somebody flew west) still counts: attention is not given back.
    """
    current = pl.col("attention_day") >= pl.col("local_day")
    return pl.when(current).then(pl.col(column)).otherwise(0).fill_null(0)
