"""Plateau for the inherited checks: made-up learners, asked at one instant, and what their later attempts showed."""

from datetime import date, datetime
from typing import Any

import polars as pl

from tactful.facts.additive import Floats
from tactful.facts.curves import ATTEMPT, CURVE, advance, skill_curve
from tactful.predict import plateau
from tests.predict.plateau.learners import AT, TODAY, learners

__all__ = ["AT", "asked", "baseline", "curves", "expression", "lessons"]


def expression() -> Any:
    """The features asked for at AT."""
    return plateau.features(skill_curve, last=TODAY)


def curves(log: pl.DataFrame, on: date = TODAY) -> pl.DataFrame:
    """CURVE of everybody in `log` after all that happened up to `on`, and the day it is."""
    known = log.filter(pl.col("day") <= on).select(list(ATTEMPT))
    return advance(pl.DataFrame(schema=CURVE), known).with_columns(local_day=pl.lit(on))


def asked(size: int, *, until: datetime | None = None) -> pl.DataFrame:
    """GIVEN of `size` people at AT, from a log that reaches to `until`."""
    return plateau.given(curves(learners(size).filter(pl.col("day") <= (until or AT).date())))


def lessons(size: int) -> tuple[pl.DataFrame, Floats]:
    """GIVEN with 1 for each whose later attempts came out no better, as far as there were enough of them."""
    log = learners(size)
    then, later = curves(log), curves(log, log["day"].max())  # type: ignore[arg-type]
    given = plateau.given(then)
    told = then.select("person_id", "skill_id", "attempts", "score_sum").with_columns(given["mastery_level"])
    truth = plateau.labels(told, later)
    known = truth.is_not_null()
    return given.filter(known), truth.filter(known).to_numpy()


def baseline(given: pl.DataFrame) -> Floats:
    """How little better the later half of the attempts came out than the earlier half."""
    return -given["half_improvement"].fill_null(0).to_numpy()
