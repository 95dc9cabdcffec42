"""What a guard rail is, and what all of them may look at."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl

from tactful.facts.allowances import Limits

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3600
DAY = 1440


@dataclass(frozen=True, slots=True)
class Bounds:
    """The instant, and what is the same for everybody.

    holdout: share 0..1; kinds: names that exist. quieter: how many times as long a kind rests for each one that was
    ignored. shares: kinds that go to a share of people only, with that share, 0..1.
    """

    at: datetime
    limits: Limits
    holdout: float
    kinds: tuple[str, ...]
    quieter: float = 2.0
    shares: tuple[tuple[str, float], ...] = ()

    @property
    def micros(self) -> int:
        """The instant as whole microseconds since 1970; comparing numbers is far quicker than instants."""
        return (self.at - EPOCH) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Rail:
    """A rule that may forbid.

    forbids: from the bounds, an expression over candidates (MOMENT columns, plus kind, initiative,
    cooldown [s], critical, channel, last_of_kind [s since 1970], ignored_of_kind). why: what it means for a person,
    with {columns} filled in. change: what would have to happen for it to allow. ends: seconds until
    that may be the case, where time alone can do it. defers: what it forbids may come later. spent: it
    counts what an intervention itself has used up, so that one that has claimed already is not asked.
    """

    name: str
    forbids: Callable[[Bounds], pl.Expr]
    why: str
    change: str
    ends: Callable[[Bounds], pl.Expr] | None = None
    defers: bool = False
    spent: bool = False


def today(column: str) -> pl.Expr:
    """A counter of attention, if it belongs to the person's present local day; else 0.

    A day that lies ahead (somebody flew west) still counts: attention is not given back.
    """
    over = pl.col("attention_day") < pl.col("local_day")
    return pl.when(over).then(0).otherwise(pl.col(column)).fill_null(0)


def until(minute: pl.Expr, at: datetime) -> pl.Expr:
    """Seconds until the person's clock next shows `minute` of the day, as if it ran evenly."""
    minutes = (minute - pl.col("local_minute") - 1) % DAY + 1
    return minutes * 60.0 - (at.second + at.microsecond / 1e6)


def midnight(bounds: Bounds) -> pl.Expr:
    """Seconds until the person's own midnight."""
    return until(pl.lit(0), bounds.at)


def an_hour(_: Bounds) -> pl.Expr:
    """For what ends when somebody wants: ask again in an hour [s]."""
    return pl.lit(float(HOUR))
