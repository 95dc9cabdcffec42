"""The tables that features read, as Ibis sees them: no connection, any engine.

`person_day` has a row for each person and local day with activity; `person_state` one bounded
row for each person. `store` keeps them; evaluation fills frames of the same shape.
"""

from datetime import date, timedelta
from typing import NamedTuple

import ibis
import polars as pl
from polars._typing import PolarsDataType

PERSON_DAY = {
    "person_id": "int64",
    "day": "date",
    "organisation_id": "int64",
    "zone": "string",
    "events": "int32",
    "sessions": "int32",
    "completions": "int32",
    "score_sum": "float64",
    "score_count": "int32",
    "sentiment_sum": "float64",
    "sentiment_count": "int32",
    "seconds": "float64",
}

PERSON_STATE = {
    "person_id": "int64",
    "organisation_id": "int64",
    "first_seen_at": "timestamp('UTC', 6)",
    "last_seen_at": "timestamp('UTC', 6)",
    "last_completion_at": "timestamp('UTC', 6)",
    "events": "int64",
    "active_days": "int32",
    "current_streak": "int32",
    "longest_streak": "int32",
    "streak_day": "date",
    "morning_hour": "int16",
    "evening_hour": "int16",
}

person_day = ibis.table(PERSON_DAY, name="person_day")
person_state = ibis.table(PERSON_STATE, name="person_state")


class Window(NamedTuple):
    """Four weeks that end on `day`, as the days just before each of them.

    last: the last day that may be read. It is `day`, or a day later where somebody east of
    Greenwich already lives in tomorrow; what lies after it is not known yet.
    """

    week_1: date
    week_2: date
    week_3: date
    week_4: date
    last: date


def window(day: date, *, last: date | None = None) -> Window:
    """The four weeks up to and with `day`.

    >>> window(date(2026, 3, 29)).week_4
    datetime.date(2026, 3, 1)
    """
    first, second, third, fourth = (day - timedelta(weeks=week) for week in (1, 2, 3, 4))
    return Window(first, second, third, fourth, last or day)


# What `predict` derives from person_day for one window: a row for each person with activity in it.
RECENT: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    # days with activity in the four weeks; sessions in the last one, two, three and four of them
    "days_28": pl.Int32,
    "sessions_7": pl.Int32,
    "sessions_14": pl.Int32,
    "sessions_21": pl.Int32,
    "sessions_28": pl.Int32,
    # events of the last one, two, three and four weeks
    "events_7": pl.Int32,
    "events_14": pl.Int32,
    "events_21": pl.Int32,
    "events_28": pl.Int32,
    # scores (each 0..1) of the last two and of all four weeks
    "score_sum_14": pl.Float64,
    "score_count_14": pl.Int32,
    "score_sum_28": pl.Float64,
    "score_count_28": pl.Int32,
    # sentiments (each -1..1) of the last week
    "sentiment_sum_7": pl.Float64,
    "sentiment_count_7": pl.Int32,
}
