"""The profile: at which hours and on which days somebody is at their best, as the seed's response tells it. Pure."""

from collections.abc import Mapping
from datetime import time

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import PolarsDataType

from tactful.facts.additive import Floats
from tactful.facts.columns import all_numbers
from tactful.facts.rhythm import HOURS, RHYTHM, UNLEARNED, WEEKDAYS, Rhythms, now
from tactful.facts.rounds import Columns
from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows
from tactful.predict.timing.habits import share

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Sessions from which so much is believed. Source: the seed.
CONFIDENCE = ((50, 0.9), (30, 0.7), (10, 0.5))
# Lengths of a session are told in these [min]; hours and scores that everybody is taken to start with.
LENGTH, USUAL_DAY, USUAL_SCORES = 15, 1.0, 3.0

# What a profile is made from: a rhythm as of `local_day`, and the sessions so far with the seconds they took.
KNOWN: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "local_day": pl.Date, "day": pl.Date, "hours": RHYTHM["hours"],
    "score_sum": RHYTHM["score_sum"], "score_count": RHYTHM["score_count"], "sessions": pl.Int32, "seconds": pl.Float64,
}  # fmt: skip

PROFILE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    # local hours 0..23, rising
    "peak_hours": pl.List(pl.Int32),
    "optimal_study_time": pl.Time,
    # English names, Monday first; the same as ISO numbers (Monday 1)
    "best_days": pl.List(pl.String),
    "typical_study_days": pl.List(pl.Int32),
    "avg_session_duration_minutes": pl.Float64,
    # minutes, by the quarter of an hour
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
    somebody who was never there. Source: fields and confidence are the seed's.
    """
    s = _DEFAULT if settings is None else settings
    held = all_numbers(known, {name: kind for name, kind in KNOWN.items() if name != "person_id"})
    there = np.nan_to_num(held["hours"]).sum(axis=1) > 0
    week = week_chances(known, usual)
    good = {"good_hours": pl.Series(_good(week, s[rows.PEAK_RATIO]), dtype=pl.Array(pl.Int32, WEEKDAYS)).arr.to_list()}
    told = {**_hours(held, week.sum(axis=1), s), **_days(week.sum(axis=2), s), **_sessions(held), **good}
    frame = pl.DataFrame({"person_id": known["person_id"], **told}).cast(PROFILE)  # type: ignore[arg-type]
    here = pl.lit(pl.Series(there))
    return frame.select(name if name in ALWAYS else pl.when(here).then(pl.col(name)).alias(name) for name in PROFILE)


def week_chances(known: pl.DataFrame, usual: Rhythms = UNLEARNED) -> Floats:
    """Chance that a person's next hour with activity is that of the week [people, 7, 24]; it sums to one.

    known: `local_day`, and `day` and `hours` of RHYTHM; who was never there is as usual.
    """
    held = all_numbers(known, {name: KNOWN[name] for name in ("local_day", "day", "hours")})
    hours = now(np.nan_to_num(held["hours"]), held["day"], held["local_day"])
    by_day = hours.reshape(-1, WEEKDAYS, HOURS).sum(axis=2)
    days = share(by_day, by_day.sum(axis=1, keepdims=True), USUAL_DAY * WEEKDAYS, 1 / WEEKDAYS)
    chances: Floats = days[:, :, None] * usual.week(hours)
    return chances


def _good(week: Floats, least: float) -> NDArray[np.int32]:
    """For each person and weekday the hours that are `least` times as likely as an even one, as bits."""
    peaks = week * WEEKDAYS * HOURS >= least
    bits: NDArray[np.int32] = (peaks << np.arange(HOURS)).sum(axis=2).astype(np.int32)
    return bits


def _hours(held: Columns, by_hour: Floats, s: Settings) -> Mapping[str, pl.Series]:
    best = _best(by_hour * HOURS, s[rows.PEAK_RATIO], s[rows.PEAKS])
    score_sum, counted = np.nan_to_num(held["score_sum"]), np.nan_to_num(held["score_count"])
    scores = np.divide(score_sum, counted, out=np.full(counted.shape, np.nan), where=counted > 0)
    usual = share(score_sum.sum(axis=1), counted.sum(axis=1), USUAL_SCORES, 0.5)[:, None]
    worth = np.where(best, by_hour, -1.0) * share(score_sum, counted, USUAL_SCORES, usual)
    times = pl.Series([time(hour) for hour in range(HOURS)])
    return {
        "peak_hours": _numbered(best, 0),
        "optimal_study_time": times.gather(worth.argmax(axis=1)),
        "performance_by_hour": pl.Series(scores, dtype=pl.Array(pl.Float64, HOURS))
        .arr.to_list()
        .list.eval(pl.element().fill_nan(None)),
        "most_active_hour": pl.Series(by_hour.argmax(axis=1)),
        "least_active_hour": pl.Series(by_hour.argmin(axis=1)),
    }


def _days(by_day: Floats, s: Settings) -> Mapping[str, pl.Series]:
    best = _best(by_day * WEEKDAYS, 1.0, s[rows.BEST_DAYS])
    names = pl.Series([[name for name, good in zip(DAYS, row, strict=True) if good] for row in best.tolist()],
                      dtype=pl.List(pl.String))  # fmt: skip
    return {"best_days": names, "typical_study_days": _numbered(_best(by_day * WEEKDAYS, 1.0, WEEKDAYS), 1)}


def _sessions(held: Columns) -> Mapping[str, pl.Series]:
    sessions = np.nan_to_num(held["sessions"])
    minutes = np.where(sessions > 0, held["seconds"] / 60 / np.maximum(sessions, 1), np.nan)
    length = (np.floor(minutes / LENGTH + 0.5) * LENGTH).clip(LENGTH)
    return {
        "avg_session_duration_minutes": pl.Series(minutes, nan_to_null=True),
        "preferred_session_length": pl.Series(length, nan_to_null=True).cast(pl.Int32),
        "sessions_analyzed": pl.Series(sessions).cast(pl.Int32),
        "confidence": pl.Series(np.select([sessions >= least for least, _ in CONFIDENCE],
                                          [level for _, level in CONFIDENCE], 0.0)),
    }  # fmt: skip


def _best(ratio: Floats, least: float, most: int) -> NDArray[np.bool_]:
    """The `most` highest of each row, as far as they reach `least`; always the highest one."""
    rank = np.argsort(np.argsort(-ratio, axis=1, kind="stable"), axis=1, kind="stable")
    best: NDArray[np.bool_] = (rank < most) & ((ratio >= least) | (rank == 0))
    return best


def _numbered(chosen: NDArray[np.bool_], first: int) -> pl.Series:
    told = [np.flatnonzero(row) + first for row in chosen]
    return pl.Series([each.tolist() for each in told], dtype=pl.List(pl.Int32))
