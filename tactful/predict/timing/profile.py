"""The profile: at which hours and on which days somebody is at their best, as the seed's response tells it. Pure."""

from collections.abc import Mapping
from datetime import time

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.columns import all_numbers
from tactful.facts.rhythm import HOURS, RHYTHM, UNLEARNED, WEEKDAYS, Rhythms
from tactful.facts.rounds import Columns
from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows
from tactful.predict.timing.habits import share
from tactful.predict.timing.peaks import Flags, best, enough, peak_hours, week_chances, week_peaks

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Sessions from which so much is believed. Source: the seed.
CONFIDENCE = ((50, 0.9), (30, 0.7), (10, 0.5))
# Lengths of a session are told in these [min], short ones by the minute; scores that everybody is taken to start with.
STEP, SHORT, USUAL_SCORES = 5.0, 10.0, 3.0
# Uneven more than that weekdays hardly are by chance (chi square of 6 degrees, one in twenty); times that each weekday
# must have come on average to be called one on which they are there.
BY_CHANCE, OFTEN = 12.59, 3.0

# What a profile is made from: a rhythm as of `local_day`, and the sessions so far with the seconds they took.
KNOWN: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "local_day": pl.Date, "day": pl.Date, "hours": RHYTHM["hours"],
    "score_sum": RHYTHM["score_sum"], "score_count": RHYTHM["score_count"], "sessions": pl.Int32, "seconds": pl.Float64,
    # how long the session in the middle took
    "typical_seconds": pl.Float64,
}  # fmt: skip

PROFILE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    # local hours 0..23, rising
    "peak_hours": pl.List(pl.Int32),
    "optimal_study_time": pl.Time,
    # English names, Monday first, empty where no day is better than another; ISO numbers (Monday 1), all of them for
    # somebody who is often there on any day
    "best_days": pl.List(pl.String),
    "typical_study_days": pl.List(pl.Int32),
    "avg_session_duration_minutes": pl.Float64,
    # minutes: the session in the middle, to the minute below ten, else by five
    "preferred_session_length": pl.Int32,
    # mean score (0..1) at each local hour, 24 of them; null where there was none
    "performance_by_hour": pl.List(pl.Float64),
    "most_active_hour": pl.Int32,
    "least_active_hour": pl.Int32,
    "sessions_analyzed": pl.Int32,
    # 0, .5 from 10 sessions, .7 from 30, .9 from 50
    "confidence": pl.Float64,
    # ours: the hours of their week that are peaks: for each weekday, Monday first, a bit for each hour
    "good_hours": pl.List(pl.Int32),
}

# Known of everybody, wherever their hours are not.
ALWAYS = {"person_id", "avg_session_duration_minutes", "preferred_session_length", "sessions_analyzed", "confidence"}

_DEFAULT = Settings({})


def profile(known: pl.DataFrame, usual: Rhythms = UNLEARNED, settings: Settings | None = None) -> pl.DataFrame:
    """The columns of PROFILE for each person of `known` (columns of KNOWN), in its order.

    usual: what is usual of people's hours; with little data a person's are held to it. Hours and days are null for
    somebody who was never there, and until something can be said of them (`peaks.enough`). Source: fields and
    confidence are the seed's.
    """
    s = _DEFAULT if settings is None else settings
    held = all_numbers(known, {name: kind for name, kind in KNOWN.items() if name != "person_id"})
    there = (np.nan_to_num(held["hours"]).sum(axis=1) > 0) & enough(known, usual, s)
    week = week_chances(known, usual)
    bits = pl.Series(_good(week_peaks(week, s)), dtype=pl.Array(pl.Int32, WEEKDAYS))
    told = {**_hours(held, week, s), **_days(held, week, s), **_sessions(held), "good_hours": bits.arr.to_list()}
    frame = pl.DataFrame({"person_id": known["person_id"], **told}).cast(PROFILE)  # type: ignore[arg-type]
    here = pl.lit(pl.Series(there))
    return frame.select(name if name in ALWAYS else pl.when(here).then(pl.col(name)).alias(name) for name in PROFILE)


def _good(peaks: Flags) -> NDArray[np.int32]:
    """For each person and weekday the hours that are peaks, as bits."""
    bits: NDArray[np.int32] = (peaks << np.arange(HOURS)).sum(axis=2).astype(np.int32)
    return bits


def _hours(held: Columns, week: Floats, s: Settings) -> Mapping[str, pl.Series]:
    by_hour, peaks = week.sum(axis=1), peak_hours(week, s)
    score_sum, counted = np.nan_to_num(held["score_sum"]), np.nan_to_num(held["score_count"])
    scores = np.divide(score_sum, counted, out=np.full(counted.shape, np.nan), where=counted > 0)
    usual = share(score_sum.sum(axis=1), counted.sum(axis=1), USUAL_SCORES, 0.5)[:, None]
    worth = np.where(peaks, by_hour, -1.0) * share(score_sum, counted, USUAL_SCORES, usual)
    times = pl.Series([time(hour) for hour in range(HOURS)])
    return {
        "peak_hours": _numbered(peaks, 0),
        "optimal_study_time": times.gather(worth.argmax(axis=1)),
        "performance_by_hour": pl.Series(scores, dtype=pl.Array(pl.Float64, HOURS))
        .arr.to_list()
        .list.eval(pl.element().fill_nan(None)),
        "most_active_hour": pl.Series(by_hour.argmax(axis=1)),
        "least_active_hour": pl.Series(by_hour.argmin(axis=1)),
    }


def _days(held: Columns, week: Floats, s: Settings) -> Mapping[str, pl.Series]:
    ratio = week.sum(axis=2) * WEEKDAYS
    alike, often = _alike(held)
    better = best(ratio, 1.0, s[rows.BEST_DAYS]) & ~alike[:, None]
    usual = np.where(alike[:, None], often[:, None], best(ratio, 1.0, WEEKDAYS))
    names = pl.Series([[name for name, good in zip(DAYS, row, strict=True) if good] for row in better.tolist()],
                      dtype=pl.List(pl.String))  # fmt: skip
    return {"best_days": names, "typical_study_days": _numbered(usual, 1)}


def _alike(held: Columns) -> tuple[Flags, Flags]:
    """Whether somebody's weekdays differ by no more than chance makes them, and whether each was seen often then.

    An hour counts as far as sessions do: hours of one session hang together. Source: Pearson's test of evenness.
    """
    by_day = np.nan_to_num(held["hours"]).reshape(-1, WEEKDAYS, HOURS).sum(axis=2)
    hours = by_day.sum(axis=1)
    apart = np.minimum(1.0, np.nan_to_num(held["sessions"]) / np.maximum(hours, 1e-9))
    even = np.maximum(hours * apart / WEEKDAYS, 1e-9)
    uneven = ((by_day * apart[:, None] - even[:, None]) ** 2).sum(axis=1) / even
    return uneven < BY_CHANCE, even >= OFTEN


def _sessions(held: Columns) -> Mapping[str, pl.Series]:
    sessions = np.nan_to_num(held["sessions"])
    mean, typical = (np.where(sessions > 0, held[name] / 60, np.nan) for name in ("seconds", "typical_seconds"))
    step = np.where(typical < SHORT, 1.0, STEP)
    return {
        "avg_session_duration_minutes": pl.Series(mean / np.maximum(sessions, 1), nan_to_null=True),
        "preferred_session_length": pl.Series((np.floor(typical / step + 0.5) * step).clip(1), nan_to_null=True)
        .cast(pl.Int32),
        "sessions_analyzed": pl.Series(sessions).cast(pl.Int32),
        "confidence": pl.Series(np.select([sessions >= least for least, _ in CONFIDENCE],
                                          [level for _, level in CONFIDENCE], 0.0)),
    }  # fmt: skip


def _numbered(chosen: NDArray[np.bool_], first: int) -> pl.Series:
    told = [np.flatnonzero(row) + first for row in chosen]
    return pl.Series([each.tolist() for each in told], dtype=pl.List(pl.Int32))
