"""Mood trend for the inherited checks: made-up people, asked at one instant, and what they said in the next weeks."""

from datetime import datetime

import polars as pl

from tactful.facts.additive import Floats
from tactful.predict import mood_trend
from tests.predict.mood_trend.writers import AT, afterwards, log, sounded

__all__ = ["AT", "asked", "baseline", "lessons"]


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of `size` questions at AT, from a log that reaches to `until`."""
    return mood_trend.given(sounded(log(size).filter(pl.col("at") <= (until or AT)))).head(size)


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN of `size` questions of which the truth is known, with 1 for each whose mood went that way."""
    messages = log(size)
    stood = sounded(messages)
    truth = mood_trend.labels(stood, afterwards(messages))
    known = truth.is_not_null()
    return mood_trend.given(stood).filter(known).head(size), truth.filter(known).head(size).to_numpy()


def baseline(given: pl.DataFrame) -> Floats:
    """How their mood moves that way, alone."""
    return given["mood_slope"].fill_null(0).to_numpy()
