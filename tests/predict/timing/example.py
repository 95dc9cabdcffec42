"""Timing for the inherited checks: generated messages, what was known just before each, and whether it was answered."""

from datetime import datetime
from functools import cache
from typing import Any

import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.columns import ibis_table
from tactful.facts.contacts import PAIR, PARTY, QUESTION
from tactful.facts.rhythm import RHYTHM
from tactful.predict import timing
from tests.predict.timing.messages import AT, log
from tests.predict.timing.messages import asked as known

__all__ = ["AT", "asked", "baseline", "expression", "lessons"]

PEOPLE, DAYS = 40, 60


def expression() -> Any:
    """The features of questions over kept state."""
    tables = {"party": PARTY, "pair": PAIR, "rhythm": RHYTHM}
    questions = ibis_table("questions", QUESTION | {"local_day": pl.Date(), "local_minute": pl.Int32()})
    return timing.features(questions, *(ibis_table(name, schema) for name, schema in tables.items()))


@cache
def messages() -> pl.DataFrame:
    """A log that goes on for twenty days after AT."""
    return log(PEOPLE, DAYS)


@cache
def given() -> pl.DataFrame:
    """GIVEN of every message."""
    return timing.given(known(messages()))


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of the last `size` messages up to AT, from a log that reaches to `until`."""
    every = messages().filter(pl.col("at") <= (until or AT))
    told = timing.given(known(every)).filter(every["at"] <= AT)
    return told.tail(size)


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN of the first `size` messages, with 1 for each that was answered within a day."""
    answered = timing.labels(messages(), timing.HORIZONS["24h"])
    return given().head(size), answered.head(size).to_numpy().astype(float)


def baseline(given: pl.DataFrame) -> Floats:
    """How short the person has been silent, alone."""
    return -given["silence"].fill_null(20.0).to_numpy()
