"""Both ways of a mood as one forecast: three chances, the likeliest word, and what speaks for it."""

import polars as pl
from polars._typing import PolarsDataType

from tactful.predict.mood_trend.given import GIVEN, WAYS
from tactful.predict.mood_trend.model import FACTORS
from tactful.predict.mood_trend.reasons import reasons

LOWER, STEADY, HIGHER = "lower", "steady", "higher"
# Factors that are told at most, each of which must add so much to the log-odds of what is forecast.
MOST, ADDS = 3, 0.1
# What is told where no factor is that loud.
MOVES = "mood_movement"

FORECAST: dict[str, PolarsDataType] = {
    # lower, steady or higher; and the chance of each, which sum to 1
    "forecast": pl.String,
    LOWER: pl.Float64,
    STEADY: pl.Float64,
    HIGHER: pl.Float64,
    "reasons": pl.List(pl.String),
}


def forecast(given: pl.DataFrame, chance: pl.Series, contributions: pl.DataFrame) -> pl.DataFrame:
    """The columns of FORECAST, a row for every two of `given` (WAYS of somebody whose mood is known), in its order.

    chance: of each row of `given`; contributions: what each factor adds to it [log-odds]. Where both ways together
    come to more than 1 they share it.
    """
    fall, rise = (chance.gather_every(len(WAYS), offset).to_list() for offset in range(len(WAYS)))
    said, adds = given.select(*GIVEN).to_dicts(), contributions.to_dicts()
    told = [
        _told(down, up, said[2 * row : 2 * row + 2], adds[2 * row : 2 * row + 2])
        for row, (down, up) in enumerate(zip(fall, rise, strict=True))
    ]
    return pl.DataFrame(told, schema=FORECAST, orient="row")


def _told(
    fall: float, rise: float, said: list[dict[str, float]], adds: list[dict[str, float]]
) -> tuple[str, float, float, float, list[str]]:
    whole = max(1.0, fall + rise)
    lower, higher = fall / whole, rise / whole
    steady = 1 - lower - higher
    likeliest = max((steady, STEADY), (lower, LOWER), (higher, HIGHER))[1]
    way = int(higher > lower)
    loud = sorted(((_adds(adds, way, factor, likeliest), factor) for factor in FACTORS), reverse=True)
    named = [factor for add, factor in loud[:MOST] if add >= ADDS] or [MOVES]
    return likeliest, lower, max(0.0, steady), higher, reasons(named, said[way])


def _adds(adds: list[dict[str, float]], way: int, factor: str, likeliest: str) -> float:
    """What a factor adds to the odds of one way beside the other; of staying, by how little it adds to either."""
    this, other = adds[way][factor], adds[1 - way][factor]
    return -(this + other) / 2 if likeliest == STEADY else this - other
