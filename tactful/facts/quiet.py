"""Quiet hours: when somebody does not want to be reached, by their own clock."""

import polars as pl


def quiet(minute: pl.Expr) -> pl.Expr:
    """Whether `minute` of the local day lies in [quiet_start, quiet_end), over midnight where start is later than end.

    The end itself is no longer quiet; start equal to end means none, and so does neither. A clock that cannot be read,
    or half a window, is taken for night.

    >>> night = pl.DataFrame({"quiet_start": [1320, None], "quiet_end": [480, None]})
    >>> night.select(early=quiet(pl.lit(479)), late=quiet(pl.lit(480)))["early"].to_list()
    [True, False]
    """
    start, end = pl.col("quiet_start"), pl.col("quiet_end")
    by_day = (start <= minute) & (minute < end)
    over_midnight = (start <= minute) | (minute < end)
    none = (start.is_null() & end.is_null()) | (start == end).fill_null(False)
    return ~none & pl.when(start < end).then(by_day).otherwise(over_midnight).fill_null(True)
