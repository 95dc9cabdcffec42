"""TM-A: who writes back within an hour, within a day? And TM-B: at which hour is somebody there?

Protocol of TM-A: every message of CollegeMsg asks about the person it is for, from what came before it; those up to
the 70 % quantile of time teach, and each only where its own horizon was over by then; the rest are judged. What teaches
and what is fitted is `uses.training.replay.Replay` itself, as of that instant. Features
and their form were chosen by splits in time of the first part alone. Every figure pools all later messages; intervals
draw messages. `seed` is the share of the person's own hours that fall into this one, `baseline` how long they have
been silent. `cold` is what is served before any learning.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.facts import rhythm
from tactful.facts.additive import Floats
from tactful.facts.columns import numbers
from tactful.facts.contacts import DAY
from tactful.facts.rhythm import HOURS, WEEKDAYS
from tactful.lab.evaluate import hours, messages
from tactful.lab.evaluate.rows import Answer, Row, measured
from tactful.learn.chaining import Lessons
from tactful.learn.ranking import CALIBRATION, RANKING, Measure, log_loss
from tactful.learn.rhythms import Rhythming
from tactful.predict import timing
from tactful.uses.training.replay import Replay
from tactful.uses.training.ways import WAYS

PART = "timing"
LEARNED = 0.7
CHANCES: Mapping[str, Measure] = {**RANKING, **CALIBRATION, "log_loss": log_loss}

Rows = NDArray[np.bool_]


def usual_hours(data: Path) -> list[Row]:
    """All rows of TM-B. raises: NotFound without the data."""
    return hours.rows(PART, "TM-B", hours.commits(data))


def writers_hours(data: Path) -> list[Row]:
    """All rows of TM-B@collegemsg. raises: NotFound without the data."""
    return hours.rows(PART, "TM-B@collegemsg", hours.writers(data))


def answered(data: Path) -> list[Row]:
    """All rows of TM-A. raises: NotFound without the data."""
    every, start = messages.read(data), perf_counter()
    asked, at = messages.asked(every), every["at"].dt.epoch("us").to_numpy()
    edge = np.quantile(at, LEARNED)
    early = at <= edge
    _, kept = rhythm.advance(rhythm.nothing(), messages.cells(every.filter(pl.Series(early))))
    given = timing.given(asked, Rhythming().fit(numbers(kept["hours"])))
    seconds = perf_counter() - start
    found = []
    for name, horizon in timing.HORIZONS.items():
        truth = timing.labels(every, horizon).to_numpy().astype(np.float64)
        course = _course(every, asked, given, truth, horizon)
        answers = _answers(asked, course, edge, ~early, seconds)
        found += measured(PART, f"TM-A@{name}", truth[~early], answers)
    return found


def _course(every: pl.DataFrame, asked: pl.DataFrame, given: pl.DataFrame, truth: Floats, horizon: timedelta) -> Replay:
    """The messages as service learns from those of an organisation: who was asked about when, and its truth."""
    named = asked.select("person_id").with_columns(every["at"], organisation_id=pl.lit(1))
    lessons = Lessons(given, timing.cold(given), truth, asked["person_id"].to_numpy(), np.ones(truth.size))
    return Replay(PART, timing.FACTORS, WAYS[PART], named.with_columns(known_at=pl.col("at") + horizon), lessons)


def _answers(asked: pl.DataFrame, course: Replay, edge: float, judged: Rows, seconds: float) -> list[Answer]:
    start, later = perf_counter(), pl.Series(judged)
    then = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=edge)
    chain, (given, cold) = course.learned(1, then=then), (course.lessons.given, course.lessons.cold)
    belief = chain.believe(timing.FACTORS, given.filter(later), cold.filter(later))
    taught = (course.asked["known_at"] <= then).to_numpy()
    share = float(course.lessons.truth[taught].mean())
    return [
        Answer("tactful", belief.probability.fill_null(share).to_numpy(), CHANCES, seconds + perf_counter() - start),
        Answer("cold", cold.filter(later)["score"].fill_null(0.5).to_numpy(), RANKING, seconds),
        Answer("seed", _own_hour(asked.filter(later)), RANKING, 0.0),
        Answer("baseline", -given.filter(later)["silence"].fill_null(np.log(400 * DAY)).to_numpy(), RANKING, 0.0),
    ]


def _own_hour(asked: pl.DataFrame) -> Floats:
    """The share of the person's own hours so far that are at this hour of the day; none is an even share."""
    counts = np.nan_to_num(numbers(asked["hours"])).reshape(-1, WEEKDAYS, HOURS).sum(axis=1)
    now = counts[np.arange(len(counts)), asked["local_minute"].to_numpy() // 60]
    total = counts.sum(axis=1)
    share: Floats = np.where(total > 0, now / np.maximum(total, 1e-9), 1 / HOURS)
    return share
