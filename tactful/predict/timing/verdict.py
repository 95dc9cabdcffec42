"""Whether a moment is good, in one or two sentences, and why where it is good only for want of a better one. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import polars as pl

from tactful.facts.rhythm import HOURS
from tactful.predict.timing.moments import HOUR_MINUTES, local_minutes
from tactful.predict.timing.peaks import Flags

QUIET = "their quiet hours"


class Hours(NamedTuple):
    """One person's hours of the week [1, 7, 24]. best: those that are good (`best_hours`); peaks: see `week_peaks`."""

    best: Flags
    peaks: Flags

    def substitute(self, moments: pl.Series, zone: str | None) -> bool:
        """Whether the hour of the one of `moments` is good only because none of their peaks can be used."""
        (minute,) = local_minutes(pl.Series([zone], dtype=pl.String), moments).to_list()
        return minute is not None and bool((self.best & ~self.peaks).reshape(-1)[minute // HOUR_MINUTES])

    def usual(self) -> list[int]:
        """The hours of the day that are peaks on any weekday, rising."""
        return [int(hour) for hour in np.flatnonzero(self.peaks.any(axis=(0, 1)))]


def verdict(good: bool, hours: Hours, *, quiet: bool, other: bool, this: bool = False, that: bool = False) -> str:
    """What is told of a moment. quiet: it lies in their quiet hours; other: another moment is proposed.

    this, that: whether it, or the other, is a substitute (`Hours.substitute`).

    >>> night = np.zeros((1, 7, 24), dtype=np.bool_)
    >>> night[:, :, 2:5] = True
    >>> verdict(True, Hours(night, night), quiet=False, other=False, this=True)
    'Their usual hours (02:00 to 05:00) lie in their quiet hours; of the others this one is the likeliest.'
    """
    if good:
        return _substitute(hours, "this one") if this else "Now is a good time."
    if quiet:
        first = "These are their quiet hours."
    elif other:
        first = "Another time is better."
    else:
        return "This is not a good time." if hours.best.any() else "Which times are good is not known yet."
    return f"{first} {_substitute(hours, 'the one proposed', 'them' if quiet else QUIET)}" if that else first


def _substitute(hours: Hours, which: str, where: str = QUIET) -> str:
    usual = hours.usual()
    if not usual:
        return f"None of their hours stands out; of those that can be used {which} is the likeliest."
    return f"Their usual hours ({spans(usual)}) lie in {where}; of the others {which} is the likeliest."


def spans(hours: Iterable[int]) -> str:
    """Hours of the day (0..23) as times from when to when, also over midnight.

    >>> spans([0, 7, 8, 23])
    '07:00 to 09:00 and 23:00 to 01:00'
    """
    here = set(hours)
    if len(here) == HOURS:
        return "00:00 to 24:00"
    told = []
    for start in sorted(hour for hour in here if (hour - 1) % HOURS not in here):
        length = next(length for length in range(1, HOURS + 1) if (start + length) % HOURS not in here)
        told.append(f"{start:02}:00 to {(start + length) % HOURS:02}:00")
    return " and ".join(told)
