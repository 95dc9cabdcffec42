"""Good hours: when somebody is at their best by their own clock. A bit for each hour of each weekday, Monday first."""

import polars as pl


def is_good(hour: pl.Expr) -> pl.Expr:
    """Whether `hour` (0..23) of `local_day` is one of their `good_hours`; null where these are not known.

    >>> hours = pl.DataFrame({"good_hours": [[1 << 9, 0, 0, 0, 0, 0, 0], None]})
    >>> monday = hours.with_columns(local_day=pl.date(2026, 3, 2))
    >>> monday.select(nine=is_good(pl.lit(9)), ten=is_good(pl.lit(10))).rows()
    [(True, False), (None, None)]
    """
    today = pl.col("good_hours").list.get(pl.col("local_day").dt.weekday().cast(pl.Int32) - 1, null_on_oob=True)
    return (today // pl.lit(2, pl.Int32).pow(hour)) % 2 == 1
