"""How fast a belief about leaving is learned from a million rows, and in how much memory."""

import resource
import time
from typing import Any

import numpy as np
import polars as pl
from sklearn.linear_model import LogisticRegression

from tactful.kernel.chance import mix
from tactful.lab.bench import result
from tactful.learn.chaining import Chaining, Lessons
from tactful.predict import dropout

ROWS = 1_000_000
# Rows about one person, from as many weeks.
WEEKS = 8


def run(size: float) -> dict[str, Any]:
    """Rows per second of learning a whole chain, beside one logistic regression on the same rows."""
    lessons = made(max(2_000, int(ROWS * size)))
    columns = lessons.given.select(pl.all().cast(pl.Float64).fill_null(0.0)).to_numpy()
    start = time.perf_counter()
    LogisticRegression(max_iter=200).fit((columns - columns.mean(0)) / (columns.std(0) + 1e-9), lessons.truth)
    simple = time.perf_counter() - start
    del columns
    start = time.perf_counter()
    Chaining().fit(dropout.FACTORS, lessons)
    took = time.perf_counter() - start
    rows = lessons.truth.size
    return result(
        "train",
        value=rows / took,
        unit="rows/s",
        baseline="one logistic regression on the same rows",
        baseline_value=rows / simple,
        ratio=simple / took,
        rows=rows,
        seconds=round(took, 1),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )


def made(rows: int) -> Lessons:
    """Lessons about generated people whose silence and pace say most of who leaves."""
    numbers = np.arange(rows, dtype=np.uint64)
    draws = {name: (mix(numbers, place) >> np.uint64(11)) / 2.0**53 for place, name in enumerate(dropout.GIVEN)}
    given = pl.DataFrame(
        {name: _column(name, np.asarray(draw, dtype=np.float64)) for name, draw in draws.items()},
        schema=dict(dropout.GIVEN),
    )
    log_odds = (given["days_silent"] / 7 - given["sessions_28"] / 10).to_numpy()
    truth = (np.asarray(draws["days_known"]) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)
    people = (np.arange(rows) // WEEKS).astype(np.int64)
    return Lessons(given, dropout.cold(given), truth, people, np.full(rows, 1 / WEEKS))


def _column(name: str, draw: np.ndarray) -> pl.Series:
    whole = dropout.GIVEN[name] == pl.Int32
    values = np.floor(-8 * np.log1p(-draw)) if whole else 2 * draw - 1
    return pl.Series(name, values).cast(dropout.GIVEN[name])
