"""What a streak is, day by day in plain words of Python: what counting in sets is held to."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# A day of somebody, and the zone they lived it in.
Lived = tuple[date, str]


class Streaks(NamedTuple):
    """current: days of the last streak; longest; comebacks; bits: days of the week up to the last one."""

    current: int
    longest: int
    comebacks: int
    bits: int


def opens(day: date, zone: str) -> datetime:
    """The instant at which a day begins there."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def missed(before: Lived, after: Lived) -> int:
    """Whole days between two active ones that somebody really had."""
    calendar = (after[0] - before[0]).days - 1
    if calendar < 1 or before[1] == after[1]:
        return max(0, calendar)
    passed = opens(*after).timestamp() - opens(before[0] + DAY, before[1]).timestamp()
    return max(0, min(calendar, round(passed / 86_400)))


def forgiven(days: set[date], before: Lived, after: Lived, rest: int) -> bool:
    """Whether what lies between them does not break a streak."""
    gone = missed(before, after)
    never = (after[0] - before[0]).days - 1 - gone
    week = [after[0] - n * DAY for n in range(1, 8)]
    off = sum(day not in days for day in week) - never
    return gone <= 0 or (gone <= rest and off <= rest)


def streaks(lived: Sequence[Lived], rest: int = 0) -> Streaks:
    """Of days in any order, each once."""
    ordered = sorted(lived)
    days, lengths = {day for day, _ in ordered}, [1]
    for before, after in pairwise(ordered):
        if forgiven(days, before, after, rest):
            lengths[-1] += 1
        else:
            lengths.append(1)
    comebacks = sum((after[0] - before[0]).days > 14 for before, after in pairwise(ordered))
    bits = sum(1 << n for n in range(7) if ordered[-1][0] - n * DAY in days)
    return Streaks(lengths[-1], max(lengths), comebacks, bits)
