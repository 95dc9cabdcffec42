"""What counts as truth once the horizon has passed: what they said then sounds clearly other than their mood did."""

import polars as pl

from tactful.predict.mood_trend.given import WAYS

# By how much the mean of what is said later must lie that way of the mood [-1..1], and of how many messages.
MOVED, LEAST = 0.15, 2


def labels(sounded: pl.DataFrame, later: pl.DataFrame) -> pl.Series:
    """1 where somebody's mood went that way, 0 where not, null where too little was said; two for each of `sounded`.

    sounded: facts.sounding.SOUNDED; later: AFTERWARDS. In the order of `given`.
    """
    both = sounded.select("person_id", "at", "mood").join(
        later, on=["person_id", "at"], how="left", maintain_order="left"
    )
    asked = both.with_columns(way=pl.lit(list(WAYS), pl.List(pl.Int32))).explode("way")
    moved = pl.col("way") * (pl.col("later_mood") - pl.col("mood")) >= MOVED
    told = pl.when(pl.col("later_messages") >= LEAST).then(moved.cast(pl.Float64))
    return asked.select(told.alias("moved")).to_series()
