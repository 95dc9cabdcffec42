"""Is now a good time, and when instead? By the person's own clock, never in their quiet hours. Pure."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.moments import INSTANT
from tactful.facts.quiet import quiet
from tactful.facts.rhythm import HOURS, WEEKDAYS
from tactful.facts.zones import known as is_zone
from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows
from tactful.predict.timing.model import PASSING

# Moments that are looked at: every quarter of an hour of the next week; every minute where quiet hours leave but few.
GRIDS = ((timedelta(minutes=15), timedelta(days=7)), (timedelta(minutes=1), timedelta(days=2)))
# People at a time.
CHUNK = 2_048
DAY_MINUTES = 1_440

# Who is asked about: their zone, and their quiet hours as minutes of the day, null where they have none.
PEOPLE = {"zone": pl.String, "quiet_start": pl.Int32, "quiet_end": pl.Int32}

Numbers = NDArray[np.int64]
# From the rows of some people of one zone, the minutes of the local week, and the people: a number for each.
Say = Callable[[Numbers, Numbers, pl.DataFrame], Numbers]

_DEFAULT = Settings({})


def good_now(
    cold: pl.DataFrame, people: pl.DataFrame, at: datetime, *, adds: pl.DataFrame | None = None,
    settings: Settings | None = None,
) -> pl.Series:  # fmt: skip
    """`is_good_time`: whether `at` is a good time for each person; null where nothing is known, never in quiet hours.

    cold: the cold start of the same people; adds: what a learned chain's factors add [log-odds]. What passes with
    the hour decides (presence and hour): before learning by its grade, then by whether it adds or takes away.
    """
    s = _DEFAULT if settings is None else settings
    grade = cold["now"] - s[rows.GOOD_FROM]
    if adds is not None:
        grade = adds.select(pl.sum_horizontal(*PASSING)).to_series() + 0 * cold["now"]
    quiet = _each_zone(people, [at], lambda _, minutes, own: _quiet(own, minutes)[:, 0].astype(np.int64), 1)
    return ((grade >= 0) & pl.Series(quiet == 0)).alias("is_good_time")


def next_good(week: Floats, people: pl.DataFrame, at: datetime, *, settings: Settings | None = None) -> pl.Series:
    """`alternative_time`: the first instant after `at`, within a week, in a peak hour outside quiet hours [UTC].

    week: chances by hour of the local week [people, 7, 24]; people: columns of PEOPLE. Where quiet hours leave no
    peak it is the likeliest hour that they leave; where they leave nothing, or the zone is not known, it is null.
    """
    s = _DEFAULT if settings is None else settings
    ratio = week.reshape(-1, WEEKDAYS * HOURS) * WEEKDAYS * HOURS
    told = pl.Series("alternative_time", [None] * people.height, dtype=INSTANT)
    for step, ahead in GRIDS:
        left = told.is_null()
        if left.any():
            found = _first_good(ratio[left.to_numpy()], people.filter(left), _moments(at, step, ahead), s)
            told = pl.select(
                pl.when(left).then(found.gather((left.cum_sum().cast(pl.Int64) - 1).clip(0))).otherwise(told)
            ).to_series()
    return told.alias("alternative_time")


def _first_good(ratio: Floats, people: pl.DataFrame, moments: list[datetime], s: Settings) -> pl.Series:
    def choose(places: Numbers, minutes: Numbers, own: pl.DataFrame) -> Numbers:
        return _chosen(ratio[places][:, minutes // 60], _quiet(own, minutes), s[rows.PEAK_RATIO])

    chosen = _each_zone(people, moments, choose, -1)
    instants = pl.Series([*moments, None], dtype=INSTANT)
    return instants.gather(np.where(chosen < 0, len(moments), chosen))


def _moments(at: datetime, step: timedelta, ahead: timedelta) -> list[datetime]:
    """Whole steps after `at`."""
    first = at + step - (at - datetime.min.replace(tzinfo=at.tzinfo)) % step
    return [first + number * step for number in range(ahead // step)]


def _chosen(ratio: Floats, quiet: NDArray[np.bool_], peak: float) -> Numbers:
    """For each row the first moment that is a peak and not quiet, or else the best that is not; -1 for none."""
    allowed = np.where(quiet, -1.0, ratio)
    peaks = allowed >= peak
    first = np.where(peaks.any(axis=1), peaks.argmax(axis=1), allowed.argmax(axis=1))
    return np.where(quiet.all(axis=1), -1, first)


def _quiet(people: pl.DataFrame, minutes: Numbers) -> NDArray[np.bool_]:
    """Whether each person's quiet hours hold at each minute of the week: a row each."""
    windows = people.select("quiet_start", "quiet_end")
    distinct = windows.unique(maintain_order=True)
    place = windows.join(distinct.with_row_index("place"), on=windows.columns, how="left", nulls_equal=True,
                         maintain_order="left")["place"]  # fmt: skip
    asked = distinct.join(pl.DataFrame({"minute": minutes % DAY_MINUTES}), how="cross", maintain_order="left_right")
    told: NDArray[np.bool_] = asked.select(quiet(pl.col("minute"))).to_series().to_numpy().reshape(-1, minutes.size)
    whose: NDArray[np.bool_] = told[place.to_numpy()]
    return whose


def _each_zone(people: pl.DataFrame, moments: Sequence[datetime], say: Say, nobody: float) -> Numbers:
    """What `say` says of each person, zone by zone and a few people at a time; `nobody` where no clock is known."""
    told = np.full(people.height, nobody, dtype=np.int64)
    instants, rows = pl.Series(moments, dtype=INSTANT), people.with_row_index("place")
    for (name,), own in rows.partition_by("zone", as_dict=True).items():
        if not is_zone(name):
            continue
        minutes = _minutes(instants, str(name))
        for start in range(0, own.height, CHUNK):
            few = own[start : start + CHUNK]
            places = few["place"].to_numpy().astype(np.int64)
            told[places] = say(places, minutes, few)
    return told


def _minutes(instants: pl.Series, zone: str) -> Numbers:
    """Minutes of the local week at each instant, by what the clock there shows then."""
    local = instants.dt.convert_time_zone(zone)
    weekday, hour, minute = (each.cast(pl.Int64) for each in (local.dt.weekday(), local.dt.hour(), local.dt.minute()))
    told: Numbers = ((weekday - 1) * DAY_MINUTES + hour * 60 + minute).to_numpy()
    return told
