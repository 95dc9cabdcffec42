"""Moving rhythm on, hour by hour for each person, all people side by side. Set-based."""

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.columns import at_keys, frame, numbers, places
from tactful.facts.rhythm.tables import CELL, HOURS, RHYTHM, WEEKDAYS
from tactful.facts.rounds import Columns, in_rounds

# Days after which an hour counts half: habits of the last season outweigh those of the last year.
HALF = 150.0
# The first of January 1970, day 0, was a Thursday.
THURSDAY = 3


def advance(state: pl.DataFrame, cells: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """How each person's rhythm stood just before each cell (RHYTHM, in their order), and every row that changed.

    state: columns of RHYTHM. cells: columns of CELL, those of a person in order of time. The same hour again counts
    once; an hour from before the last day counts as much as if it were of that day.

    >>> from datetime import date
    >>> monday = pl.DataFrame([(1, date(2026, 3, 2), 9, None, None)] * 2, schema=CELL, orient="row")
    >>> _, after = advance(pl.DataFrame(schema=RHYTHM), monday)
    >>> after["hours"].arr.sum().to_list(), after["hours"].arr.arg_max().to_list()
    ([1.0], [9])
    """
    keys = cells.select(pl.col("person_id").unique(maintain_order=True))
    start = at_keys(keys, state, RHYTHM)
    start["hour"] = np.where(np.isnan(start["day"]), -1.0, start["hour"])
    came = {name: numbers(cells[name]) for name in CELL if name != "person_id"}
    stood, after = in_rounds(places(keys, cells.select("person_id")), start, came, _step)
    before = cells.select("person_id").hstack(frame(stood, RHYTHM)).select(list(RHYTHM))
    return before, keys.hstack(frame(after, RHYTHM)).select(list(RHYTHM))


def now(held: Floats, held_on: Floats, day: Floats) -> Floats:
    """Sums as they are on `day`, which hold for `held_on` [days]; a row each."""
    left: Floats = held * (2.0 ** (-np.nan_to_num(day - held_on).clip(0) / HALF))[:, None]
    return left


def _step(stood: Columns, came: Columns) -> Columns:
    there = ~np.isnan(came["hour"])
    hour, day = np.where(there, came["hour"], 0).astype(np.int64), np.fmax(stood["day"], came["day"])
    again = (stood["day"] == came["day"]) & (stood["hour"] == came["hour"])
    weekday = ((came["day"] + THURSDAY) % WEEKDAYS).astype(np.int64)
    faded = {name: now(stood[name], stood["day"], day) for name in ("hours", "score_sum", "score_count")}
    rows = np.arange(hour.size)
    faded["hours"][rows, weekday * HOURS + hour] += ~again
    for name in ("score_sum", "score_count"):
        faded[name][rows, hour] += np.nan_to_num(came[name])
    moved = faded | {"day": day, "hour": came["hour"]}
    return {
        name: np.where(there[:, None] if column.ndim > 1 else there, column, stood[name])
        for name, column in moved.items()
    }
