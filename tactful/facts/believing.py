"""What is believed of rows of many organisations, each by what it has learned and else by the cold start."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from tactful.facts.capability import Factors
from tactful.facts.chain import Belief, Chain
from tactful.facts.scale import Served


def believed(
    factors: Factors, given: pl.DataFrame, cold: pl.DataFrame, organisations: pl.Series, served: Mapping[int, Served]
) -> Belief:
    """The belief about each row of `given`. organisations: whose each row is; served: what they have learned.

    Where nothing was learned, the cold start's score is the chance, and its parts are told in the unit of learned
    ones [log-odds]. For capabilities whose score is a chance.
    """
    start = Chain().contributions(factors, given, cold)
    chance = cold["score"].cast(pl.Float64).fill_null(np.nan).to_numpy().copy()
    adds = {factor: part.copy() for factor, part in start.items()}
    for organisation, each in served.items():
        mine = (organisations == organisation).fill_null(value=False)
        if mine.any():
            rows = mine.to_numpy()
            told = each.chain.believe(factors, given.filter(mine), cold.filter(mine))
            chance[rows] = told.probability.fill_null(np.nan).to_numpy()
            for factor, part in adds.items():
                part[rows] = told.contributions[factor].to_numpy()
    return Belief(pl.Series("probability", chance).fill_nan(None), pl.DataFrame(adds))


def side_by_side(
    factors: Factors, given: pl.DataFrame, cold: pl.DataFrame, organisations: pl.Series, served: Mapping[int, Served]
) -> pl.DataFrame:
    """The same as score and confidence of the cold start, and beside them the learned probability.

    probability: null where nothing was learned; there the score is what is believed.
    """
    learned = organisations.is_in(list(served)).fill_null(value=False)
    chance = believed(factors, given, cold, organisations, served).probability
    return cold.select("score", "confidence", probability=pl.when(learned).then(chance))
