"""Bars, and ranges with a dot in them: one row for each thing that is compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from tactful.console.pictures.scale import Tick, scale


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from the left. size: how long it is [%]; value: as it is read."""

    label: str
    size: float
    value: str
    tone: str = "first"
    note: str = ""


def bars(rows: Sequence[tuple[str, float, str]], *, most: float | None = None, tone: str = "first") -> list[Bar]:
    """Bars of labels, figures (none below 0) and what they read as; the longest, or `most`, fills the row.

    >>> [bar.size for bar in bars([("a", 5, "5"), ("b", 10, "10")])]
    [50.0, 100.0]
    """
    longest = most or max((value for _, value, _ in rows), default=0) or 1
    return [Bar(label, round(100 * min(value / longest, 1), 2), read, tone) for label, value, read in rows]


@dataclass(frozen=True, slots=True)
class Range:
    """A figure and how far it may be off. at, low, high: places [%]; None where it is unknown."""

    label: str
    at: float | None
    low: float | None
    high: float | None
    value: str
    tone: str


@dataclass(frozen=True, slots=True)
class Ranges:
    """Ranges on one scale. zero: the place of nothing [%]; ticks: of the scale."""

    rows: tuple[Range, ...]
    zero: float
    ticks: tuple[Tick, ...]


def ranges(
    rows: Sequence[tuple[str, float | None, float | None, float | None, str]], *, percent: bool = False
) -> Ranges:
    """Of labels, figures, their lower and upper ends, and what they read as. A range beyond nothing has a tone:
    good above, bad below.
    """
    known = [value for _, *figures, _ in rows for value in figures if value is not None]
    along = scale(known, low=0.0)

    def place(value: float | None) -> float | None:
        return None if value is None else along.at(value)

    made = [
        Range(label, place(at), place(low), place(high), read, _tone(low, high)) for label, at, low, high, read in rows
    ]
    return Ranges(tuple(made), along.at(0.0), along.ticks(percent=percent))


def _tone(low: float | None, high: float | None) -> str:
    if low is not None and low > 0:
        return "good"
    return "bad" if high is not None and high < 0 else "plain"
