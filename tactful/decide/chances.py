"""Chance as a column."""

from datetime import datetime

import numpy as np
import polars as pl

from tactful.kernel.chance import draw


def chances(moments: pl.DataFrame, at: datetime) -> pl.Series:
    """A draw in [0, 1) for each person at `at`: the same alone and in any batch, and at any replay.

    moments: columns person_id and seed.
    """
    people = moments["person_id"].to_numpy().astype(np.uint64)
    seeds = moments["seed"].to_numpy().astype(np.uint64)
    return pl.Series("draw", draw(seeds, people, int(at.timestamp()), 0), dtype=pl.Float64)
