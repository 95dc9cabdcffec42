"""Rows of an evaluation: one shape for every task, printed as a table or as JSON."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tactful.kernel.errors import NotFound
from tactful.learn.ranking import Floats, Measure, measure

BINS = 10
# Of a row, as JSON tells it.
COLUMNS = ("part", "task", "model", "metric", "value", "low", "high", "n", "seconds")


class Bin(NamedTuple):
    """Of whom about the same was said: the mean chance, the share of whom it came true, and how many they are."""

    said: float
    came: float
    size: int


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. low, high: 95 % interval; seconds: what scoring took; None where it does not apply.

    curve: the bins behind an `ece`, lowest chance first; empty for every other figure.
    """

    part: str
    task: str
    model: str
    metric: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    seconds: float | None = None
    curve: tuple[Bin, ...] = field(default=(), compare=False)


# Reads what it needs from the folder of public data. raises: NotFound where that is not there.
Task = Callable[[Path], list[Row]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model said about everybody: higher means likelier. `measures` are those that apply to it."""

    model: str
    score: Floats
    measures: Mapping[str, Measure]
    seconds: float


def measured(
    part: str, task: str, truth: Floats, answers: Iterable[Answer], *, people: NDArray[np.int64] | None = None
) -> list[Row]:
    """A row for each model and measure that can be said (a ranking needs both outcomes).

    people: whose each answer is about, where somebody has several.
    """
    return [
        Row(
            part, task, answer.model, m.metric, m.value, m.low, m.high, truth.size, answer.seconds,
            curve(truth, answer.score) if m.metric == "ece" else (),
        )
        for answer in answers
        for m in measure(truth, answer.score, answer.measures, people=people)
        if not math.isnan(m.value)
    ]  # fmt: skip


def curve(truth: Floats, chance: Floats) -> tuple[Bin, ...]:
    """What was said and what came, over ten equal bins of what was said; bins of nobody are left out.

    >>> curve(np.array([0.0, 1.0, 1.0]), np.array([0.25, 0.25, 0.9]))
    (Bin(said=0.25, came=0.5, size=2), Bin(said=0.9, came=1.0, size=1))
    """
    place = np.minimum((chance * BINS).astype(np.int64), BINS - 1)
    counts, said, came = (np.bincount(place, weights, BINS) for weights in (np.ones(truth.size), chance, truth))
    there = np.flatnonzero(counts)
    return tuple(Bin(float(said[n] / counts[n]), float(came[n] / counts[n]), int(counts[n])) for n in there)


def table(rows: Sequence[Row]) -> str:
    """The rows as text in columns."""
    lines = [f"{'task':<15} {'model':<10} {'metric':<15} {'value':>8} {'low':>8} {'high':>8} {'n':>8} {'seconds':>8}"]
    for row in rows:
        numbers = f"{row.value:8.4f} {_cell(row.low, 4)} {_cell(row.high, 4)}"
        n = f"{row.n:>8}" if row.n is not None else " " * 8
        lines.append(f"{row.task:<15} {row.model:<10} {row.metric:<15} {numbers} {n} {_cell(row.seconds, 2)}".rstrip())
    return "\n".join(lines)


def show(rows: Sequence[Row], *, as_json: bool = False) -> None:
    """Print the rows as a table, or as one JSON array."""
    print(json.dumps([as_dict(row) for row in rows]) if as_json else table(rows))


def as_dict(row: Row) -> dict[str, str | float | int | None]:
    """A row as JSON tells it."""
    return {name: getattr(row, name) for name in COLUMNS}


def needed(folder: Path, *names: str) -> list[Path]:
    """Paths of the files in `folder`. raises: NotFound, naming the first that is not there."""
    paths = [folder / name for name in names]
    for path in paths:
        if not path.is_file():
            raise NotFound(
                f"{path} is missing; give the folder that holds {folder.name}/ with --data.", fields=["data"]
            )
    return paths


def _cell(value: float | None, digits: int) -> str:
    return " " * 8 if value is None else f"{value:8.{digits}f}"
