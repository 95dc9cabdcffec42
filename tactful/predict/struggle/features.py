"""The mood of somebody's last week: one aggregate over person_day, on any engine. Practice is kept up, not counted.

Point in time: a day after `window.last` is never read.
"""

from typing import Any

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.activity import Window

# A row for each person with a sentiment (-1..1) in the week.
MOOD: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "sentiment_sum_7": pl.Float64,
    "sentiment_count_7": pl.Int64,
}


def features(person_day: Any, window: Window) -> Any:
    """The columns of MOOD as an Ibis expression. person_day: an Ibis table as in facts.activity."""
    known = person_day.filter(
        person_day.day > window.week_1, person_day.day <= window.last, person_day.sentiment_count > 0
    )
    return known.group_by("person_id").agg(
        sentiment_sum_7=known.sentiment_sum.sum(), sentiment_count_7=known.sentiment_count.sum()
    )
