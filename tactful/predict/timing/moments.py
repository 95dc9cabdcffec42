"""Is a moment good to write to somebody, and which is the next? One rule for both, by the person's own clock. Pure.

A moment is good where they are likely to come within the hour, or in one of their peak hours; never in quiet hours. A
moment of the future is judged as if nothing happened until then: they stay away, and nobody writes to them.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.moments import INSTANT
from tactful.facts.quiet import quiet
from tactful.facts.rhythm import HOURS, WEEKDAYS
from tactful.facts.zones import known as is_zone
from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows
from tactful.predict.timing.model import PASSING
from tactful.predict.timing.peaks import Flags

AHEAD = timedelta(days=7)
# Moments that are looked at: every quarter of an hour; every minute where quiet hours leave no quarter.
QUARTER, MINUTE = timedelta(minutes=15), timedelta(minutes=1)
DAY_MINUTES, HOUR_MINUTES = 1_440, 60
# Weekdays differ by chance and by smoothing: only less than half of an average one's share is taken for a habit.
RARE = 0.5
# So many moments are looked at together: the next good one is mostly near.
TOGETHER = 96

# Who is asked about: their zone, and their quiet hours as minutes of the day, null where they have none.
PEOPLE = {"zone": pl.String, "quiet_start": pl.Int32, "quiet_end": pl.Int32}

# From instants, how good each is: as `grade` tells it.
Grade = Callable[[pl.Series], pl.Series]

_DEFAULT = Settings({})


def grade(cold: pl.DataFrame, *, adds: pl.DataFrame | None = None, settings: Settings | None = None) -> pl.Series:
    """By how much each moment is good or not, by what passes with the hour: presence and hour; null is unknown.

    cold: the cold start; adds: what a learned chain's factors add [log-odds]. Before learning it is the chance that
    they come within the hour less what is asked of it, then whether the moment adds or takes away.
    """
    s = _DEFAULT if settings is None else settings
    if adds is None:
        return cold["now"] - s[rows.GOOD_FROM]
    return adds.select(pl.sum_horizontal(*PASSING)).to_series() + 0 * cold["now"]


def good_now(grades: pl.Series, best: Flags, people: pl.DataFrame, at: datetime | pl.Series) -> pl.Series:
    """`is_good_time`: whether `at` is good for each person; null where nothing is known, never in quiet hours.

    grades: see `grade`; best: see `best_hours`, a row each; people: columns of PEOPLE; at: one, or one for each row.
    """
    minutes = local_minutes(people["zone"], at)
    hours = (minutes.fill_null(0) // HOUR_MINUTES).to_numpy()
    peak = best.reshape(-1, WEEKDAYS * HOURS)[np.arange(hours.size), hours]
    awake = ~people.with_columns(local=minutes % DAY_MINUTES).select(quiet(pl.col("local"))).to_series()
    told = (grades >= 0) | (pl.Series(peak) & grades.is_not_null())
    return (told & awake & minutes.is_not_null()).alias("is_good_time")


def best_hours(week: Floats, peaks: Flags, people: pl.DataFrame) -> Flags:
    """The hours of each person's week [people, 7, 24] that are good in themselves.

    week, peaks: see `peaks`. Where quiet hours leave no peak, the likeliest hour of the day that they leave takes its
    place, on every weekday on which it is no rarity; where there are no chances (nan) there are none.
    """
    left = _left(people)[:, None, :]
    usable = peaks & left & ~np.isnan(week)
    told: Flags = np.where(usable.any(axis=(1, 2), keepdims=True), usable, left & _likeliest(week, left))
    return told


def _likeliest(week: Floats, left: Flags) -> Flags:
    """The hour of the day that is likeliest of what is `left`, on weekdays at least RARE times as likely as on all."""
    by_hour = np.where(left, week.sum(axis=1, keepdims=True), -1.0)
    likeliest = (by_hour >= by_hour.max(axis=2, keepdims=True)) & (by_hour >= 0)
    told: Flags = likeliest & (week * WEEKDAYS >= RARE * by_hour)
    return told


def next_good(
    best: Flags, person: pl.DataFrame, at: datetime, believe: Grade, *, until: datetime | None = None
) -> datetime | None:
    """`alternative_time`: the first moment after `at`, within a week and up to `until`, that `good_now` calls good.

    best: hours of one person's week, see `best_hours`; person: columns of PEOPLE, a row. Null where there is none.
    """
    step = QUARTER if _free(person, 15).any() else MINUTE
    for some in _moments(at, step):
        moments = some if until is None else some.filter(some <= until)
        if moments.is_empty():
            break
        same = np.zeros(moments.len(), dtype=np.int64)
        told = good_now(believe(moments), best[same], person[same], moments)
        if told.any():
            found: datetime = moments.filter(told)[0]
            return found
    return None


def local_minutes(zones: pl.Series, at: datetime | pl.Series) -> pl.Series:
    """Minutes of the local week (Monday's midnight is 0) that each one's clock shows at `at`; null for no zone."""
    instants = pl.Series([at] * zones.len(), dtype=INSTANT) if isinstance(at, datetime) else at.cast(INSTANT)
    told = pl.Series("local", [None] * zones.len(), dtype=pl.Int64)
    for name in zones.unique().to_list():
        if is_zone(name):
            local = instants.dt.convert_time_zone(name).dt
            day, hour, minute = (each.cast(pl.Int64) for each in (local.weekday(), local.hour(), local.minute()))
            shown = (day - 1) * DAY_MINUTES + hour * HOUR_MINUTES + minute
            told = shown.zip_with((zones == name).fill_null(value=False), told)
    return told.alias("local")


def _moments(at: datetime, step: timedelta) -> Iterator[pl.Series]:
    """Whole steps after `at`, up to a week, some at a time."""
    first = at + step - (at - datetime.min.replace(tzinfo=at.tzinfo)) % step
    for start in range(0, AHEAD // step, TOGETHER):
        numbers = range(start, min(start + TOGETHER, AHEAD // step))
        yield pl.Series([first + number * step for number in numbers], dtype=INSTANT)


def _left(people: pl.DataFrame) -> Flags:
    """Whether quiet hours leave anything of each hour of the day: a whole quarter, or else a minute."""
    told: Flags = np.any(_free(people, 15).reshape(people.height, HOURS, -1), axis=2, keepdims=False)
    none = ~told.any(axis=1)
    if none.any():
        told[none] = _free(people.filter(pl.Series(none)), 1).reshape(-1, HOURS, HOUR_MINUTES).any(axis=2)
    return told


def _free(people: pl.DataFrame, step: int) -> Flags:
    """Whether each person can be written to at every `step`th minute of the day: a row each."""
    day = pl.DataFrame({"minute": range(0, DAY_MINUTES, step)}, schema={"minute": pl.Int32})
    asked = people.select("quiet_start", "quiet_end").join(day, how="cross", maintain_order="left_right")
    told: Flags = asked.select(~quiet(pl.col("minute"))).to_series().to_numpy().reshape(people.height, -1)
    return told
