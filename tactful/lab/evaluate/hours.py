"""TM-B: at which hour is somebody there? Their learned chances, beside their own histogram and a smoothed one.

Protocol: hours with activity of people with 30 or more, the first 70 % of each to learn from. The figure is a mean
over people; intervals draw people. The organisation of a committer is the project.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts import rhythm
from tactful.facts.additive import Floats
from tactful.facts.columns import numbers
from tactful.facts.rhythm import CELL, HOURS, UNLEARNED, WEEKDAYS, Rhythms
from tactful.lab.evaluate import messages
from tactful.lab.evaluate.rows import Answer, Row, measured, needed
from tactful.learn.rhythms import Rhythming

FOLDER = "timing_gitcommits"
LEAST, LEARNED, TOP = 30, 0.7, 6
# The smoothed histogram that is held to what is usual: its breadth [h], and the hours that the usual counts.
BREADTH, USUAL = 1.5, 20.0

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """What is known of each person: hours of their week as kept [people, 168], and by the day, unfaded [people, 24].

    Then what came: whose, and which weekday and hour.
    """

    hours: Floats
    counts: Floats
    organisation: Places
    person: Places
    weekday: Places
    hour: Places


def commits(data: Path) -> pl.DataFrame:
    """Cells of committers with their organisation, by the clock that each commit tells. raises: NotFound."""
    (file,) = needed(data / FOLDER, "commits.parquet")
    rows = pl.read_parquet(file)
    return _cells(rows["ts"] + rows["tz_min"].cast(pl.Int64) * 60, rows["user"], rows["project"])


def writers(data: Path) -> pl.DataFrame:
    """Cells of those who wrote messages; one organisation. raises: NotFound without the file."""
    every = messages.read(data)
    seconds = every["at"].dt.epoch("s") - int(messages.BEHIND / timedelta(seconds=1))
    return _cells(seconds, every["from_id"], pl.zeros(every.height, dtype=pl.Int64, eager=True))


def split(cells: pl.DataFrame) -> Split:
    """The first part of each person's cells as it would be kept, and the rest."""
    place, size = pl.int_range(pl.len()).over("person_id"), pl.len().over("person_id")
    enough = cells.filter(size >= LEAST).with_columns(early=place < (size * LEARNED).floor())
    _, kept = rhythm.advance(rhythm.nothing(), enough.filter("early").select(list(CELL)))
    people = kept.sort("person_id").with_row_index("person")
    later = enough.filter(~pl.col("early")).join(people.select("person", "person_id"), on="person_id").sort("person")
    first = enough.filter("early").join(people.select("person", "person_id"), on="person_id")
    counts = np.zeros((people.height, HOURS))
    np.add.at(counts, (first["person"].to_numpy(), first["hour"].to_numpy()), 1.0)
    own = enough.unique("person_id", keep="first", maintain_order=True).sort("person_id")["organisation"]
    return Split(
        numbers(people["hours"]), counts, own.to_numpy(), later["person"].to_numpy().astype(np.int64),
        later["day"].dt.weekday().to_numpy().astype(np.int64) - 1, later["hour"].to_numpy().astype(np.int64),
    )  # fmt: skip


def rows(part: str, task: str, cells: pl.DataFrame) -> list[Row]:
    """Rows of every model, `log_loss` [nats] and `top6`."""
    known = split(cells)
    models: Mapping[str, Callable[[Split], Floats]] = {
        "tactful": learned, "cold": lambda known: UNLEARNED.week(known.hours), "seed": own, "baseline": smoothed,
    }  # fmt: skip
    return [row for model, say in models.items() for row in measured(part, task, *_answers(model, say, known))]


def learned(known: Split) -> Floats:
    """What would be served: what is usual, that of the organisation, and each person's own."""
    usual, week = Rhythming().fit(known.hours), np.empty((len(known.hours), WEEKDAYS, HOURS))
    for organisation in np.unique(known.organisation):
        mine = known.organisation == organisation
        moved: Rhythms = Rhythming().moved(usual, known.hours[mine])
        week[mine] = moved.week(known.hours[mine])
    return week


def own(known: Split) -> Floats:
    """Each person's own histogram, one hour added to each: what the seed's peak hours are read off."""
    return _every_day(known.counts + 1)


def smoothed(known: Split) -> Floats:
    """Each person's histogram, smoothed around the clock and held to everybody's."""
    counts = known.counts
    usual = (counts.sum(axis=0) + 1) / (counts.sum() + HOURS)
    apart = np.minimum(np.arange(HOURS), HOURS - np.arange(HOURS))
    near = np.exp(-0.5 * (apart / BREADTH) ** 2)
    around = np.array([np.roll(near / near.sum(), hour) for hour in range(HOURS)])
    return _every_day(counts @ around + USUAL * usual)


def _answers(model: str, say: Callable[[Split], Floats], known: Split) -> tuple[Floats, list[Answer]]:
    """A figure for each person: how surprising their later hours were, and how many were among the six likeliest."""
    start = perf_counter()
    chances = say(known)[known.person, known.weekday]
    seconds = perf_counter() - start
    surprise = -np.log(chances[np.arange(known.hour.size), known.hour])
    rank = np.argsort(np.argsort(-chances, axis=1, kind="stable"), axis=1, kind="stable")
    hit = 1.0 * (rank[np.arange(known.hour.size), known.hour] < TOP)
    count = np.bincount(known.person)
    figures = {"log_loss": surprise, f"top{TOP}": hit}
    told = [
        Answer(model, np.bincount(known.person, each) / count, {name: _mean}, seconds) for name, each in figures.items()
    ]
    return np.zeros(count.size), told


def _mean(_: Floats, value: Floats) -> float:
    return float(value.mean())


def _every_day(counts: Floats) -> Floats:
    shares = counts / counts.sum(axis=1, keepdims=True)
    return np.repeat(shares[:, None], WEEKDAYS, axis=1)


def _cells(seconds: pl.Series, person: pl.Series, organisation: pl.Series) -> pl.DataFrame:
    """Columns of CELL, each hour of somebody once, in order of time, with `organisation`."""
    local = pl.from_epoch(seconds, time_unit="s")
    frame = pl.DataFrame({
        "person_id": person.cast(pl.Int64), "day": local.dt.date(), "hour": local.dt.hour().cast(pl.Int32),
        "organisation": organisation.cast(pl.Int64),
    })  # fmt: skip
    scores = {name: pl.lit(None, pl.Float64) for name in ("score_sum", "score_count")}
    return (
        frame.unique(["person_id", "day", "hour"], keep="first").sort("person_id", "day", "hour").with_columns(**scores)
    )
