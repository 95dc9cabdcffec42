"""Rows of an evaluation, put together as the report shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tactful.lab.evaluate.report import pictures
from tactful.lab.evaluate.report.pictures import Calibration, Ranges
from tactful.lab.evaluate.report.wanted import Verdict, short, stated, verdict, wanted_of
from tactful.lab.evaluate.report.words import (
    MEASURES,
    MODELS,
    PUBLISHED,
    UNLEARNED,
    VARIANTS,
    Measure,
    Words,
    base,
    measure,
    words,
)  # fmt: skip
from tactful.lab.evaluate.rows import Row

OURS, SIMPLE = "tactful", "baseline"


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure and its interval, as they are read; both empty where there is none."""

    value: str = ""
    interval: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of one task in the summary. start: what was known before; least, aim: what was wanted."""

    task: str
    anchor: str
    measure: str
    ours: Cell
    simple: Cell
    start: str
    least: str
    aim: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Table:
    """One task: a line of figures for each model. count: how many were judged. note: what to know of its lines."""

    task: str
    variant: str
    count: str
    measures: tuple[Measure, ...]
    models: tuple[tuple[str, str, tuple[Cell, ...]], ...]
    ranges: tuple[Ranges, ...]
    calibration: Calibration | None
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """A task with its variants."""

    task: str
    anchor: str
    words: Words
    tables: tuple[Table, ...]


def summary(rows: Sequence[Row]) -> list[Line]:
    """A line for each figure of ours that something was wanted of, in the order of `rows`."""
    found = {(row.task, row.model, row.metric): row for row in rows}
    lines = []
    for row in rows:
        wanted = wanted_of(row.task, row.metric)
        judged = verdict(row.task, row.metric, row.value)
        if row.model == OURS and wanted is not None and judged is not None:
            simple = found.get((row.task, SIMPLE, row.metric))
            lines.append(
                Line(
                    row.task, anchor(row.task), measure(row.metric).name, cell(row), cell(simple),
                    stated(wanted.start), stated(wanted.least), stated(wanted.aim), judged,
                )
            )  # fmt: skip
    return lines


def sections(rows: Sequence[Row]) -> list[Section]:
    """The tasks in the order of `rows`, each with its variants."""
    tasks = list(dict.fromkeys(row.task for row in rows))
    return [
        Section(name, anchor(name), words(name), tuple(_table(task, rows) for task in tasks if base(task) == name))
        for name in dict.fromkeys(map(base, tasks))
    ]


def cell(row: Row | None) -> Cell:
    """How a row is read."""
    if row is None:
        return Cell()
    known = row.low is not None and row.high is not None
    return Cell(short(row.value), f"{short(row.low or 0.0)} to {short(row.high or 0.0)}" if known else "")


def anchor(task: str) -> str:
    """The place of a task on the page."""
    return base(task).lower()


def _table(task: str, rows: Sequence[Row]) -> Table:
    mine = [row for row in rows if row.task == task]
    found = {(row.model, row.metric): row for row in mine}
    metrics = _ordered((row.metric for row in mine), MEASURES)
    models = _ordered((row.model for row in mine), MODELS)
    counts = [row.n for row in mine if row.n is not None]
    return Table(
        task,
        VARIANTS.get(task, ""),
        f"{max(counts):,}" if counts else "",
        tuple(map(measure, metrics)),
        tuple((each, MODELS.get(each, each), tuple(cell(found.get((each, m))) for m in metrics)) for each in models),
        tuple(filter(None, (pictures.ranges(_of(metric, models, found)) for metric in _drawn(metrics)))),
        pictures.calibration([found[each, "ece"] for each in models if (each, "ece") in found]),
        _note(task, models),
    )


def _of(metric: str, models: Sequence[str], found: Mapping[tuple[str, str], Row]) -> list[Row]:
    return [found[each, metric] for each in models if (each, metric) in found]


def _drawn(metrics: Sequence[str]) -> list[str]:
    """The first measure, and how true chances are, or else the second."""
    return [metrics[0], *(["ece"] if "ece" in metrics[1:] else metrics[1:2])]


def _note(task: str, models: Sequence[str]) -> str:
    if task in UNLEARNED:
        return UNLEARNED[task]
    return f"Published: {PUBLISHED[task]}." if "published" in models and task in PUBLISHED else ""


def _ordered(names: Iterable[str], known: Iterable[str]) -> list[str]:
    """Each once, in the order in which they are known; what is not known comes last."""
    there, first = dict.fromkeys(names), list(known)
    return [name for name in first if name in there] + [name for name in there if name not in first]
