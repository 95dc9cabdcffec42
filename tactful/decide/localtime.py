"""Wall clocks: what a zone's clock shows at an instant, and when it will show a given time."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import polars as pl

from tactful.facts.moments import INSTANT


@lru_cache(maxsize=1024)
def zone(name: str | None) -> ZoneInfo | None:
    """The zone of that IANA name; None when there is none."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def offset(name: str | None, at: datetime) -> int | None:
    """What the zone's clock is ahead of UTC at an instant [s]; None when nobody knows the zone.

    >>> at = datetime(2026, 3, 1, tzinfo=UTC)
    >>> offset("Asia/Tokyo", at), offset("Atlantis/Poseidonis", at)
    (32400, None)
    """
    ahead = at.astimezone(there).utcoffset() if (there := zone(name)) else None
    return None if ahead is None else int(ahead.total_seconds())


def with_wall_clock(moments: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """`moments` with each person's `local_day` and `local_minute` at `at`, right across clock changes.

    Both are null where the zone is not known.
    """
    names = moments["zone"].unique().to_list()
    ahead = [offset(name, at) for name in names]
    clocks = pl.DataFrame({"zone": names, "ahead": ahead}, schema={"zone": pl.String, "ahead": pl.Int64})
    local = pl.lit(at.astimezone(UTC).replace(tzinfo=None)) + pl.duration(seconds=pl.col("ahead"))
    clocks = clocks.select(
        "zone",
        local.dt.date().alias("local_day"),
        (local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()).cast(pl.Int32).alias("local_minute"),
    )
    known = moments.drop("local_day", "local_minute", strict=False)
    return known.join(clocks, on="zone", how="left", maintain_order="left")


def next_wall(name: str | None, minute: int, after: datetime) -> datetime | None:
    """The first instant after `after` at which the zone's clock shows `minute` of the day, in UTC.

    A time that the clock jumps over comes with the jump; a time that comes twice counts twice.
    None when nobody knows the zone.

    >>> next_wall("Europe/Berlin", 8 * 60, datetime(2026, 3, 28, 22, tzinfo=UTC)).isoformat()
    '2026-03-29T06:00:00+00:00'
    """
    there = zone(name)
    if there is None:
        return None
    today = after.astimezone(there).date()
    wall = time(minute // 60, minute % 60)
    for days in range(4):
        for found in _shown(there, datetime.combine(today + timedelta(days=days), wall)):
            if found > after:
                return found
    return None


def _shown(there: ZoneInfo, wall: datetime) -> tuple[datetime, ...]:
    """The instants at which a clock shows `wall`: one, the same twice, two, or that of the jump across it."""
    once = wall.replace(tzinfo=there).astimezone(UTC)
    again = wall.replace(tzinfo=there, fold=1).astimezone(UTC)
    # Inside a gap the second reading comes before the first, and the jump lies between them.
    if once <= again:
        return once, again
    # Where a whole day was left out, the clock did not move.
    return () if once - again >= timedelta(days=1) else (_jump(there, again, once),)


def _jump(there: ZoneInfo, low: datetime, high: datetime) -> datetime:
    before = low.astimezone(there).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low).total_seconds() // 2)
        low, high = (middle, high) if middle.astimezone(there).utcoffset() == before else (low, middle)
    return high


def with_next_wall(frame: pl.DataFrame, minute: str, at: datetime, name: str) -> pl.DataFrame:
    """`frame` with the column `name`: when each person's clock next shows the minute in column `minute`."""
    pairs = frame.select("zone", minute).unique().drop_nulls()
    instants = [next_wall(zone_name, minutes, at) for zone_name, minutes in pairs.iter_rows()]
    times = pairs.with_columns(pl.Series(name, instants, dtype=INSTANT))
    return frame.join(times, on=["zone", minute], how="left", maintain_order="left")


def minute_of(text: str) -> int | None:
    """A wall-clock setting as minute of the day; None when empty.

    >>> minute_of("22:30"), minute_of("")
    (1350, None)
    """
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
