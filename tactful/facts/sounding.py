"""How somebody sounded as of an instant, and afterwards: what beliefs about the trend of moods are made from."""

from datetime import timedelta

import polars as pl
from polars._typing import PolarsDataType

from tactful.facts.moments import INSTANT

# How far back what is usual of somebody's messages is read, and how far what is new.
USUAL, LATELY = timedelta(days=56), timedelta(days=7)

# Local hours that are night.
NIGHT_FROM, NIGHT_UNTIL = 23, 5

# Of everybody whose mood is known, as of `at`; of nothing later than that.
SOUNDED: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    "at": INSTANT,
    # -1..1, and how it moves a day; as `facts.interactions` defines them
    "mood": pl.Float64,
    "mood_slope": pl.Float64,
    # -1..1: the sentiment of the last message that could be read, and the mean of all in USUAL, by how sure each is
    "last_score": pl.Float64,
    "usual": pl.Float64,
    # 0..2: how far single messages lie from one another (standard deviation)
    "spread": pl.Float64,
    # messages in USUAL and LATELY, and days since the last one
    "messages": pl.Int32,
    "messages_lately": pl.Int32,
    "days_silent": pl.Float64,
    # 0..1: how much they put into their messages, in USUAL and LATELY
    "quality": pl.Float64,
    "quality_lately": pl.Float64,
    # 0..1: which share of the messages in USUAL was written at night
    "at_night": pl.Float64,
    # days with activity: in the seven and in the 28 days before the day before
    "active_week": pl.Int32,
    "active_month": pl.Int32,
}
# What was said in the days after `at`: the mean sentiment by how sure each is, and of how many messages.
AFTERWARDS: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "at": INSTANT,
    "later_mood": pl.Float64,
    "later_messages": pl.Int32,
}
