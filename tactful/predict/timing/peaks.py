"""At which hours of their own week somebody is there more than at others, and from when on that can be said. Pure.

Profile, check and trigger all go by these. They hold as of the day on which somebody was last there: while nothing
happens they stay the same, so what is proposed today is still a peak when its time comes.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.columns import all_numbers
from tactful.facts.rhythm import HOURS, RHYTHM, UNLEARNED, WEEKDAYS, Rhythms
from tactful.kernel.settings import Settings
from tactful.predict.timing import settings as rows
from tactful.predict.timing.habits import share

Flags = NDArray[np.bool_]

# Of a week of hours, so many of each weekday are taken for everybody to start with.
USUAL_DAY = 1.0

_HELD = {"hours": RHYTHM["hours"]}
_DEFAULT = Settings({})


def week_chances(known: pl.DataFrame, usual: Rhythms = UNLEARNED) -> Floats:
    """Chance that a person's next hour with activity is that of the week [people, 7, 24]; it sums to one.

    known: `hours` of RHYTHM, as of the day on which they were last there; who was never there is as usual.
    """
    hours = _held(known)
    by_day = hours.reshape(-1, WEEKDAYS, HOURS).sum(axis=2)
    days = share(by_day, by_day.sum(axis=1, keepdims=True), USUAL_DAY * WEEKDAYS, 1 / WEEKDAYS)
    chances: Floats = days[:, :, None] * usual.week(hours)
    return chances


def enough(known: pl.DataFrame, usual: Rhythms = UNLEARNED, settings: Settings | None = None) -> Flags:
    """Whether anything can be said of each person's hours: they were there often enough, or what is usual was learned.

    known: `hours` of RHYTHM.
    """
    s = _DEFAULT if settings is None else settings
    there: Flags = _held(known).sum(axis=1) >= s[rows.LEAST_HOURS]
    return there | (usual is not UNLEARNED)


def best(ratio: Floats, least: float, most: int) -> Flags:
    """The `most` highest of each row, as far as they reach `least`; always the highest one."""
    rank = np.argsort(np.argsort(-ratio, axis=1, kind="stable"), axis=1, kind="stable")
    told: Flags = (rank < most) & ((ratio >= least) | (rank == 0))
    return told


def peak_hours(week: Floats, settings: Settings | None = None) -> Flags:
    """The peak hours of each person's day [people, 24]. week: see `week_chances`."""
    s = _DEFAULT if settings is None else settings
    return best(week.sum(axis=1) * HOURS, s[rows.PEAK_RATIO], s[rows.PEAKS])


def week_peaks(week: Floats, settings: Settings | None = None) -> Flags:
    """The hours of the week that are peaks [people, 7, 24]: a peak hour of the day, and on that weekday as well."""
    s = _DEFAULT if settings is None else settings
    told: Flags = peak_hours(week, s)[:, None, :] & (week * WEEKDAYS * HOURS >= s[rows.PEAK_RATIO])
    return told


def _held(known: pl.DataFrame) -> Floats:
    held: Floats = np.nan_to_num(all_numbers(known, _HELD)["hours"])
    return held
