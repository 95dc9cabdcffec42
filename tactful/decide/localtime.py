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


# The local days that go along with a moment, and the instants they are the days of.
DAYS = {"first_day": "first_seen_at", "completion_day": "last_completion_at", "milestone_day": "milestone_at"}


def with_local_days(moments: pl.DataFrame) -> pl.DataFrame:
    """`moments` with DAYS by each person's own calendar; null where the zone or the instant is not known."""
    bare = moments.drop(*DAYS, strict=False)
    rows = bare.select("zone", *DAYS.values()).with_row_index("place")
    nowhere = {day: pl.lit(None, pl.Date) for day in DAYS}
    parts = [
        part.select("place", **(_days_in(name) if zone(name) else nowhere))
        for (name,), part in rows.partition_by("zone", as_dict=True).items()
    ]
    return bare.hstack(pl.concat(parts).sort("place").drop("place")) if parts else bare.with_columns(**nowhere)


def _days_in(name: str) -> dict[str, pl.Expr]:
    return {day: pl.col(instant).dt.convert_time_zone(name).dt.date() for day, instant in DAYS.items()}


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


def quiet_over(name: str | None, start: int, end: int, after: datetime) -> datetime | None:
    """The first instant after `after` at which quiet hours from minute `start` to `end` are over.

    Where the clock jumps over the end and the next start at once, that is only at the next end.
    """
    found = next_wall(name, end, after)
    for _ in range(3):
        if found is None or not _within(minute_at(name, found), start, end):
            return found
        found = next_wall(name, end, found)
    return None


def minute_at(name: str | None, at: datetime) -> int:
    """The minute of the day that a known zone's clock shows."""
    there = at.astimezone(zone(name))
    return there.hour * 60 + there.minute


def _within(minute: int, start: int, end: int) -> bool:
    return (minute - start) % 1440 < (end - start) % 1440


def with_quiet_over(frame: pl.DataFrame, at: datetime, name: str) -> pl.DataFrame:
    """`frame` with the column `name`: when each person's quiet hours are over next; null where they have none."""
    keys = ["zone", "quiet_start", "quiet_end"]
    distinct = frame.select(keys).unique().drop_nulls()
    instants = [quiet_over(there, start, end, at) for there, start, end in distinct.iter_rows()]
    times = distinct.with_columns(pl.Series(name, instants, dtype=INSTANT))
    return frame.join(times, on=keys, how="left", maintain_order="left")


def minute_of(text: str) -> int | None:
    """A wall-clock setting as minute of the day; None when empty.

    >>> minute_of("22:30"), minute_of("")
    (1350, None)
    """
    if not text:
        return None
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
