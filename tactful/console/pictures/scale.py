"""Scales: round figures along an axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, isclose, isfinite, log10

# Beyond that a mark is no figure to read any more.
MOST_DIGITS = 12

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis. at: its place [%]."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From `low` to `high`, with a mark at every `step`."""

    low: float
    high: float
    step: float

    def at(self, value: float) -> float:
        """The place of a value [%], within the drawing.

        >>> Scale(0, 10, 5).at(2.5)
        25.0
        """
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def ticks(self, *, percent: bool = False) -> tuple[Tick, ...]:
        """Its marks. percent: values are shares of one.

        >>> [tick.label for tick in Scale(0, 1, 0.5).ticks(percent=True)]
        ['0 %', '50 %', '100 %']
        >>> [tick.label for tick in Scale(0, 5, 2.5).ticks()]
        ['0.0', '2.5', '5.0']
        """
        many = round((self.high - self.low) / self.step)
        values = [self.low + number * self.step for number in range(many + 1)]
        return tuple(Tick(self.at(value), _label(value, self.step, percent=percent)) for value in values)


def scale(values: Sequence[float], *, low: float | None = None, high: float | None = None, marks: int = 4) -> Scale:
    """A scale that holds all values (and `low` and `high`) between round figures.

    >>> scale([3, 97])
    Scale(low=0.0, high=100.0, step=25.0)
    >>> scale([])
    Scale(low=0.0, high=1.0, step=0.25)
    """
    known = [value for value in (*values, low, high) if value is not None and isfinite(value)] or [0.0, 1.0]
    least, most = min(known), max(known)
    if most - least < 1e-12:
        least, most = (min(0.0, least), most) if most > 0 else (least, least + 1.0)
    step = _step((most - least) / marks)
    return Scale(floor(least / step + 1e-9) * step, ceil(most / step - 1e-9) * step, step)


def _step(rough: float) -> float:
    size = 10.0 ** floor(log10(rough))
    return next(size * step for step in STEPS if size * step >= rough * (1 - 1e-9))


def _label(value: float, step: float, *, percent: bool) -> str:
    factor, unit = (100, " %") if percent else (1, "")
    # As many as tell one mark from the next.
    size = step * factor
    digits = next(
        (each for each in range(MOST_DIGITS) if isclose(size * 10**each, round(size * 10**each))), MOST_DIGITS
    )
    return f"{value * factor:,.{digits}f}{unit}"
