"""Heat maps: a square for each hour of the week."""

from collections.abc import Mapping
from dataclasses import dataclass

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STEPS = 9


@dataclass(frozen=True, slots=True)
class Square:
    """One hour. step: how dark, 0 (nothing) to 9; told: what it stands for."""

    step: int
    told: str


@dataclass(frozen=True, slots=True)
class Heat:
    """The hours of the week: seven rows of 24."""

    rows: tuple[tuple[str, tuple[Square, ...]], ...]
    told: str


def heat(values: Mapping[tuple[int, int], float], *, unit: str, told: str) -> Heat:
    """Of values by weekday (0 is Monday) and hour; hours without one are empty. unit: what is counted.

    >>> heat({(0, 9): 4.0}, unit="visits", told="").rows[0][1][9]
    Square(step=9, told='Monday 09:00: 4 visits')
    """
    most = max(values.values(), default=0.0)
    rows = []
    for number, name in enumerate(WEEKDAYS):
        hours = [(hour, values.get((number, hour), 0.0)) for hour in range(24)]
        rows.append((name, tuple(_square(name, hour, value, most, unit) for hour, value in hours)))
    return Heat(tuple(rows), told)


def _square(name: str, hour: int, value: float, most: float, unit: str) -> Square:
    # Whatever is there at all is seen.
    step = 0 if value <= 0 or most <= 0 else max(1, round(STEPS * value / most))
    return Square(step, f"{name} {hour:02}:00: {value:g} {unit}")
