"""Good hours: when somebody is at their best by their own clock. A bit for each hour of each weekday, Monday first."""

import polars as pl


def is_good(hour: pl.Expr) -> pl.Expr:
    """Whether `hour` (0..23) of `local_day` is one of their `good_hours`; null where these are not known.

    >>> hours = pl.DataFrame({"good_hours": [[1 << 9, 0, 0, 0, 0, 0, 0], None]})
    >>> monday = hours.with_columns(local_day=pl.date(2026, 3, 2))
    >>> monday.select(nine=is_good(pl.lit(9)), ten=is_good(pl.lit(10))).rows()
    [(True, False), (None, None)]
    """
    return (_today() // pl.lit(2, pl.Int32).pow(hour)) % 2 == 1


def next_after(hour: pl.Expr) -> pl.Expr:
    """The first of their `good_hours` of `local_day` after `hour` (0..23); null where none is left or known.

    >>> hours = pl.DataFrame({"good_hours": [[1 << 9 | 1 << 11, 0, 0, 0, 0, 0, 0], None]})
    >>> monday = hours.with_columns(local_day=pl.date(2026, 3, 2))
    >>> monday.select(six=next_after(pl.lit(6)), nine=next_after(pl.lit(9)), noon=next_after(pl.lit(12))).rows()
    [(9, 11, None), (None, None, None)]
    """
    # Many ask for this at every decision: the lowest bit of what is left is quicker than 24 questions.
    behind = hour.cast(pl.Int32) + 1
    left = _today() // pl.lit(2, pl.Int32).pow(behind)
    return pl.when(left > 0).then(behind + left.bitwise_trailing_zeros().cast(pl.Int32))


def _today() -> pl.Expr:
    return pl.col("good_hours").list.get(pl.col("local_day").dt.weekday().cast(pl.Int32) - 1, null_on_oob=True)
