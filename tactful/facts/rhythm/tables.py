"""The tables of rhythm: hours in which somebody was there, by their own clock, and what is kept of them."""

import polars as pl
from polars._typing import PolarsDataType

HOURS, WEEKDAYS = 24, 7

# Somebody was there in this hour of this day of theirs. Where the hour is null they were only asked about.
CELL: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "day": pl.Date,
    # 0..23
    "hour": pl.Int32,
    # scores (each 0..1) that they got then; null is none
    "score_sum": pl.Float64,
    "score_count": pl.Float64,
}

# All sums fade by half within HALF days and hold for `day`, the last one on which they were there.
RHYTHM: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "day": pl.Date,
    "hour": pl.Int32,
    # hours with activity, by hour of the local week: Monday's 24, then Tuesday's, and so on
    "hours": pl.Array(pl.Float64, WEEKDAYS * HOURS),
    # scores by hour of the local day
    "score_sum": pl.Array(pl.Float64, HOURS),
    "score_count": pl.Array(pl.Float64, HOURS),
}


def nothing() -> pl.DataFrame:
    """Before anybody was there."""
    return pl.DataFrame(schema=RHYTHM)
