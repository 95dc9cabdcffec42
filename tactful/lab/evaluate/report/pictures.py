"""Places of what the report draws: how far figures reach, and what was said against what came. All in SVG's units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tactful.lab.evaluate.report.wanted import short
from tactful.lab.evaluate.report.words import MODELS, measure
from tactful.lab.evaluate.rows import Bin, Row

# Curves beside one another: ours, and what it started from.
DRAWN = ("tactful", "cold")
# Sides of the square in which chances are drawn, and of the bars of how many there are.
SQUARE, BARS = 200.0, 28.0
# Names stand left of the scale of ranges; each model has a row.
NAMES, SCALE, ROW = 190.0, 190.0, 24.0
# Air beside the outermost figures, as a share of the scale.
AIR = 0.06


@dataclass(frozen=True, slots=True)
class Line:
    """A curve of what came against what was said. points: of its corners; label: what it is."""

    model: str
    label: str
    points: tuple[tuple[float, float], ...]
    bins: tuple[Bin, ...]

    @property
    def path(self) -> str:
        """As SVG writes it."""
        return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in self.points)


@dataclass(frozen=True, slots=True)
class Calibration:
    """lines: ours first. bars: left edge, breadth and height of how many there are of each bin of ours."""

    lines: tuple[Line, ...]
    bars: tuple[tuple[float, float, float], ...]
    told: str


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one model's figure lies on the scale, and how far its interval reaches."""

    model: str
    label: str
    at: float
    low: float
    high: float
    y: float


@dataclass(frozen=True, slots=True)
class Ranges:
    """One measure of all models on one scale. ticks: places and their figures."""

    measure: str
    better: str
    reaches: tuple[Reach, ...]
    ticks: tuple[tuple[float, str], ...]
    height: float
    told: str


def calibration(rows: Sequence[Row]) -> Calibration | None:
    """Of the rows that have a curve; None where ours has none."""
    curves = {row.model: row for row in rows if row.curve}
    if DRAWN[0] not in curves:
        return None
    lines = tuple(_line(curves[model]) for model in DRAWN if model in curves)
    ours = lines[0].bins
    most = max(each.size for each in ours)
    bars = tuple((np.floor(each.said * 10).clip(0, 9) * SQUARE / 10, BARS * each.size / most) for each in ours)
    widest = max(ours, key=lambda each: abs(each.said - each.came) * each.size)
    told = (
        f"Off by {short(curves[DRAWN[0]].value)} on average. What weighs most: "
        f"where {100 * widest.said:.0f} % was said, it came true for {100 * widest.came:.0f} % of {widest.size:,}."
    )
    return Calibration(lines, tuple((left + 2, SQUARE / 10 - 4, high) for left, high in bars), told)


def ranges(rows: Sequence[Row]) -> Ranges | None:
    """Figures of one measure, a row for each model; None for a single one."""
    if len(rows) < 2:
        return None
    lows, highs = [_or(row.low, row) for row in rows], [_or(row.high, row) for row in rows]
    low, high = min(lows), max(highs)
    air = AIR * (high - low) or AIR
    low, high = low - air, high + air

    def place(value: float) -> float:
        return NAMES + SCALE * (value - low) / (high - low)

    reaches = tuple(
        Reach(row.model, MODELS.get(row.model, row.model), place(row.value), place(start), place(end), ROW * (n + 0.5))
        for n, (row, start, end) in enumerate(zip(rows, lows, highs, strict=True))
    )
    kind = measure(rows[0].metric)
    told = "; ".join(f"{MODELS.get(row.model, row.model)} {short(row.value)}" for row in rows)
    ticks = tuple((place(value), short(value, 2)) for value in steps(low, high))
    better = "less is better" if kind.less else "more is better"
    return Ranges(kind.name, better, reaches, ticks, ROW * len(rows), f"{kind.name}: {told}.")


def steps(low: float, high: float) -> list[float]:
    """Round numbers between `low` and `high`, three to six of them.

    >>> [round(each, 2) for each in steps(0.71, 0.88)]
    [0.75, 0.8, 0.85]
    """
    raw = (high - low) / 4
    size = 10 ** np.floor(np.log10(raw))
    step = float(size * min((1, 2, 5, 10), key=lambda times: abs(times * size - raw)))
    return [n * step for n in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]


def _or(end: float | None, row: Row) -> float:
    return row.value if end is None else end


def _line(row: Row) -> Line:
    points = tuple((each.said * SQUARE, (1 - each.came) * SQUARE) for each in row.curve)
    return Line(row.model, MODELS[row.model], points, row.curve)
