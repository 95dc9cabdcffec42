"""Lines over time (or over anything that goes on from left to right)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tactful.console.pictures.scale import Scale, Tick, scale

Point = tuple[float, float | None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line. tone: a class of the style sheet; path: as SVG writes it, in a drawing of 100 by 100.

    last: where it ends [%].
    """

    label: str
    tone: str
    path: str
    last: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines on one pair of axes. up, along: marks [%]; marks: places where something happened, with a word."""

    lines: tuple[Line, ...]
    up: tuple[Tick, ...]
    along: tuple[Tick, ...]
    marks: tuple[Tick, ...]
    told: str


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn as one line: x and y of each point; y is None where nothing is known, which leaves a gap."""

    label: str
    points: Sequence[Point]
    tone: str = "first"


def lines(
    series: Sequence[Series],
    *,
    told: str,
    along: Sequence[tuple[float, str]] = (),
    marks: Sequence[tuple[float, str]] = (),
    low: float | None = None,
    high: float | None = None,
    percent: bool = False,
) -> Lines:
    """Lines of all series on one scale. told: what is to be seen, in a sentence; along, marks: x and a word."""
    known = [y for each in series for _, y in each.points if y is not None]
    places = [x for each in series for x, _ in each.points] + [x for x, _ in marks]
    up = scale(known, low=low, high=high)
    across = Scale(min(places, default=0.0), max(places, default=1.0), 1.0)
    if across.high <= across.low:
        across = Scale(across.low, across.low + 1.0, 1.0)
    return Lines(
        tuple(_line(each, across, up) for each in series),
        tuple(Tick(100 - tick.at, tick.label) for tick in up.ticks(percent=percent)),
        tuple(Tick(across.at(x), word) for x, word in along),
        tuple(Tick(across.at(x), word) for x, word in marks),
        told,
    )


def _line(series: Series, across: Scale, up: Scale) -> Line:
    parts, drawing = list[str](), False
    last = None
    for x, y in series.points:
        if y is None:
            drawing = False
            continue
        last = (across.at(x), round(100 - up.at(y), 2))
        parts.append(f"{'L' if drawing else 'M'}{last[0]:g} {last[1]:g}")
        drawing = True
    return Line(series.label, series.tone, " ".join(parts), last)


def days(instants: Iterable[datetime], *, most: int = 6) -> list[tuple[float, str]]:
    """Marks along an axis of epoch seconds: some of these days, by their date."""
    each = sorted(set(instants))
    every = max(1, -(-len(each) // most))
    return [(at.timestamp(), f"{at:%-d %b}") for at in each[::every]]
