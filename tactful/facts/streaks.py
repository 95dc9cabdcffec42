"""What a streak is: days in a row, by the person's own clock, and which days off do not break it.

A day without anything is forgiven while no more than `sense.rest_days` of the seven days up to it were off: with one
rest day that is one day off after six days in a row, and again a week later. With none, the default, every day counts.
A day that somebody who travelled never had is no day off: who crosses the date line eastwards leaves one out, and one
who crosses it westwards lives the same day twice, which counts once.
"""

import polars as pl

from tactful.kernel.settings import Setting

WEEK = 7
MOST_REST = 3
REST_DAYS = Setting(
    "sense.rest_days", 0, "Days off of any seven in a row that do not break a streak. A change holds for days from "
    "then on.", unit="days of 7", low=0, high=MOST_REST, own=True,
)  # fmt: skip
# Days away after which coming again is a comeback.
COMEBACK = 14


def standing(days: pl.Expr, bits: pl.Expr, rest: int) -> pl.Expr:
    """Whether a streak stands as today begins. days: since the last active one; bits: see `active`. Null: unknown.

    >>> frame = pl.DataFrame({"days": [0, 1, 2, 2], "bits": [1, 1, 127, 3]})
    >>> frame.select(standing(pl.col("days"), pl.col("bits"), 1)).to_series().to_list()
    [True, True, True, False]
    """
    told = days <= 1
    for off in range(1, rest + 1):
        told = told | ((days == off + 1) & (WEEK - active(bits, off) <= rest))
    return told


def ending(days: pl.Expr, bits: pl.Expr, rest: int) -> pl.Expr:
    """Whether a streak that stands as today begins ends tonight unless they come by; see `standing`.

    >>> frame = pl.DataFrame({"days": [0, 1, 1, 2], "bits": [1, 1, 127, 127]})
    >>> frame.select(ending(pl.col("days"), pl.col("bits"), 1)).to_series().to_list()
    [False, True, False, True]
    """
    forgiven = pl.lit(False)
    for off in range(1, rest + 1):
        forgiven = forgiven | ((days == off) & (WEEK - active(bits, off) <= rest))
    return standing(days, bits, rest) & (days >= 1) & ~forgiven


def active(bits: pl.Expr, off: int) -> pl.Expr:
    """Of the seven days up to the last of `off` days off in a row, how many they were active on.

    bits: of the seven days up to their last active one; bit n stands for n days before it.
    """
    return (bits.cast(pl.Int32) & ((1 << (WEEK - off)) - 1)).bitwise_count_ones().cast(pl.Int32)
