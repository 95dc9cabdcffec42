"""Wall clocks: what a zone's clock shows at an instant, and when it will show a given time."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import polars as pl

from tactful.facts.moments import INSTANT

DAY = 1440


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone of that IANA name."""
    return ZoneInfo(name)


def offset(name: str, at: datetime) -> int:
    """What the zone's clock is ahead of UTC at an instant [s]."""
    ahead = at.astimezone(zone(name)).utcoffset()
    assert ahead is not None
    return int(ahead.total_seconds())


def with_wall_clock(moments: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """`moments` with each person's `local_day` and `local_minute` at `at`, right across clock changes."""
    names = moments["zone"].unique().to_list()
    clocks = pl.DataFrame(
        {"zone": names, "ahead": [offset(name, at) for name in names]}, schema={"zone": pl.String, "ahead": pl.Int64}
    )
    local = pl.lit(at.astimezone(UTC).replace(tzinfo=None)) + pl.duration(seconds=pl.col("ahead"))
    return (
        moments.join(clocks, on="zone", how="left", maintain_order="left")
        .with_columns(
            local.dt.date().alias("local_day"),
            (local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()).cast(pl.Int32).alias("local_minute"),
        )
        .drop("ahead")
    )


def next_wall(name: str, minute: int, after: datetime) -> datetime:
    """The first instant after `after` at which the zone's clock shows `minute` of the day, in UTC.

    A time that the clock jumps over comes when the jump is past; one that comes twice, the first time.

    >>> next_wall("Europe/Berlin", 8 * 60, datetime(2026, 3, 28, 22, tzinfo=UTC)).isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    today = after.astimezone(zone(name)).date()
    wall = time(minute // 60, minute % 60)
    for days in range(3):
        found = datetime.combine(today + timedelta(days=days), wall, zone(name)).astimezone(UTC)
        if found > after:
            return found
    raise AssertionError("a wall clock shows every time at least every other day")


def with_next_wall(frame: pl.DataFrame, minute: str, at: datetime, name: str) -> pl.DataFrame:
    """`frame` with the column `name`: when each person's clock next shows the minute in column `minute`."""
    pairs = frame.select("zone", minute).unique().drop_nulls()
    moments = [next_wall(zone_name, minutes, at) for zone_name, minutes in pairs.iter_rows()]
    return frame.join(
        pairs.with_columns(pl.Series(name, moments, dtype=INSTANT)), on=["zone", minute], how="left", maintain_order="left"
    )


def minute_of(text: str) -> int | None:
    """A wall-clock setting as minute of the day; None when empty.

    >>> minute_of("22:30"), minute_of("")
    (1350, None)
    """
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
