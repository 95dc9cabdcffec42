"""What a trigger is."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Trigger:
    """A reason to consider a kind of intervention, as expressions over the moment frame.

    when: true where there is reason; unknown counts as no. priority: 1 (may wait) to 10 (now).
    expected: how much good it is expected to do, 0..1, comparable between triggers. why: in words.
    opens: minute of the local day at which `when` can become true by time alone, null where it
    cannot. today: worth nothing once the person's own day is over.
    """

    name: str
    kind: str
    when: pl.Expr
    priority: int
    expected: pl.Expr
    why: str
    opens: pl.Expr | None = None
    today: bool = False


def seen_within(days: int) -> pl.Expr:
    """Whether they were active within the last `days` local days."""
    return (pl.col("local_day") - pl.col("streak_day")).dt.total_days() <= days


def active_today() -> pl.Expr:
    """Whether they have been active on their own today."""
    return pl.col("streak_day") == pl.col("local_day")


def within(start: pl.Expr, minutes: int) -> pl.Expr:
    """Whether their clock is in the window that opens at minute `start` and stays open for `minutes`."""
    return ((pl.col("local_minute") - start) % 1440) < minutes
