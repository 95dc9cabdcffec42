"""What would be known of somebody at other instants, had nothing happened until then. Pure."""

import polars as pl

from tactful.facts.moments import INSTANT
from tactful.facts.zones import known as is_zone


def later(asked: pl.DataFrame, zone: str | None, instants: pl.Series) -> pl.DataFrame:
    """The one row of `asked` (columns of ASKED) as of each of `instants`: what was known stays, the clock goes on.

    zone: what their clock shows; where it is none, the clock is unknown. So a silence grows, sums fade, and an hour of
    their week follows another: they stay away, and nobody writes to them.
    """
    at = instants.cast(INSTANT)
    there = at.dt.convert_time_zone(zone) if is_zone(zone) and zone is not None else None
    clock = {
        "at": at,
        "local_day": pl.lit(None, pl.Date) if there is None else there.dt.date(),
        "local_minute": pl.lit(None, pl.Int32)
        if there is None
        else there.dt.hour().cast(pl.Int32) * 60 + there.dt.minute().cast(pl.Int32),
    }
    return asked[[0] * at.len()].with_columns(**clock)
