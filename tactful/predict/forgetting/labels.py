"""What counts as forgotten: the next spaced answer about the skill was wrong. Polars over what was recorded."""

import polars as pl

from tactful.facts.remembering.memory import SPACED_DAYS

DAY = pl.duration(days=1)


def labels(happened: pl.DataFrame, stood: pl.DataFrame) -> pl.Series:
    """`forgotten` for each answer: 1 wrong, 0 right, null where it proves nothing about forgetting.

    happened: ANSWER. stood: STOOD of the same rows, as it was just before. An answer proves something when it comes
    at least half a day after the last one about the skill; where times are unknown, each does.
    """
    days = pl.col("at") - pl.col("skill_last_at")
    timed = pl.col("at").is_not_null()
    proves = pl.when(timed).then((days >= SPACED_DAYS * DAY).fill_null(value=False)).otherwise(pl.lit(True))
    return happened.hstack(stood.select("skill_last_at")).select(
        forgotten=pl.when(proves).then(1 - pl.col("hit"))
    )["forgotten"]  # fmt: skip
