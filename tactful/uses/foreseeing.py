"""How moods are expected to go on: worked out for whoever looks, by what was learned and else by the first rule."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.facts.believing import believed, side_by_side
from tactful.kernel.settings import Settings
from tactful.learn.settings import PREDICTING
from tactful.predict import mood_trend
from tactful.store.database import Connection
from tactful.store.learned import versions
from tactful.store.reading import Reader, RowReader
from tactful.store.sensed import sounding

# What the registry calls the belief.
CAPABILITY = "mood_trend"
Forecasts = dict[int, dict[str, Any]]


def forecasts(connection: Connection, people: Sequence[int], *, at: datetime, settings: Settings) -> Forecasts:
    """Of each of `people` (our numbers) whose mood is known at `at`: FORECAST of predict.mood_trend, and confidence.

    Who is missing is one of whom nothing can be said.
    """
    source = RowReader(connection)
    sounded = sounding.now(source, people, at)
    if sounded.is_empty():
        return {}
    given, whose = mood_trend.given(sounded), _both(sounded)["organisation_id"]
    cold = mood_trend.cold(given, settings)
    served = versions.serving(source, CAPABILITY, whose.unique().to_list(), at, wanted=settings[PREDICTING])
    belief = believed(mood_trend.FACTORS, given, cold, whose, served)
    told = mood_trend.forecast(given, belief.probability, belief.contributions)
    sure = cold["confidence"].gather_every(len(mood_trend.WAYS))
    rows = told.with_columns(confidence=sure).to_dicts()
    return dict(zip(sounded["person_id"], rows, strict=True))


def beliefs(source: Reader, sounded: pl.DataFrame, *, at: datetime, settings: Settings) -> pl.DataFrame:
    """What is believed of both ways of each of `sounded`, as it is kept: by the rule, and by what was learned."""
    given, both = mood_trend.given(sounded), _both(sounded)
    whose = both["organisation_id"]
    served = versions.serving(source, CAPABILITY, whose.unique().to_list(), at, wanted=settings[PREDICTING])
    told = side_by_side(mood_trend.FACTORS, given, mood_trend.cold(given, settings), whose, served)
    about = pl.Series("about", ["lower", "higher"] * sounded.height, pl.String)
    return both.select("person_id", "organisation_id", stood="mood").hstack(told).with_columns(about)


def _both(sounded: pl.DataFrame) -> pl.DataFrame:
    """Two rows of each, one for each way, in the order of `mood_trend.given`."""
    return sounded[[row for row in range(sounded.height) for _ in mood_trend.WAYS]]
