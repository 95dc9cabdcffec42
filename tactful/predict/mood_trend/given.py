"""The numbers a belief about the trend of a mood is made from, each turned towards the way that is asked about."""

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.sounding import LATELY, USUAL

FALL, RISE = -1, 1
# In which order both ways of a row are told.
WAYS = (FALL, RISE)

# What is turned is positive where it speaks for the way that is asked about.
GIVEN: dict[str, PolarsDataType] = {
    "way": pl.Int32,
    # the mood (-1..1) times the way; how far the usual lies that way of it (-2..2); and the last message
    "mood": pl.Float64,
    "back_to_usual": pl.Float64,
    "last_message": pl.Float64,
    # how the mood moves that way [a day]
    "mood_slope": pl.Float64,
    "spread": pl.Float64,
    # how much more they put into their messages of late than usual (-1..1), turned
    "quality_change": pl.Float64,
    # messages of eight weeks; how many times as often as usual they write of late (log); days since the last one
    "messages": pl.Int32,
    "pace": pl.Float64,
    "days_silent": pl.Float64,
    # how many times as often as usual they came in the last week (log), turned
    "activity_change": pl.Float64,
    # share of messages at night, turned
    "at_night": pl.Float64,
}


def given(sounded: pl.DataFrame) -> pl.DataFrame:
    """The columns of GIVEN: two rows for each row of `sounded`, in its order, for each of WAYS.

    sounded: columns of facts.sounding.SOUNDED. Point in time: as far as `sounded` is.
    """
    asked = sounded.with_columns(way=pl.lit(list(WAYS), pl.List(pl.Int32))).explode("way")
    return asked.select(_columns()[name].cast(kind).alias(name) for name, kind in GIVEN.items())


def _columns() -> dict[str, pl.Expr]:
    column, way = pl.col, pl.col("way").cast(pl.Float64)
    weeks = USUAL / LATELY
    return {
        "way": column("way"),
        "mood": way * column("mood"),
        "back_to_usual": way * (column("usual") - column("mood")),
        "last_message": way * (column("last_score") - column("mood")),
        "mood_slope": way * column("mood_slope"),
        "spread": column("spread"),
        "quality_change": way * (column("quality_lately") - column("quality")),
        "messages": column("messages"),
        "pace": _times(column("messages_lately"), column("messages") / weeks),
        "days_silent": column("days_silent"),
        "activity_change": way * _times(column("active_week"), column("active_month") / 4),
        "at_night": way * column("at_night"),
    }


def _times(lately: pl.Expr, usual: pl.Expr) -> pl.Expr:
    """How many times as often as usual (log); one is added to both, so that few say little."""
    return (lately + 1).log() - (usual + 1).log()
