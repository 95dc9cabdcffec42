"""What counts as truth once the horizon has passed: they went on trying, and the later attempts came out no better."""

import polars as pl

from tactful.facts.curves import KEY

# Later attempts that must be there to judge by.
LEAST = 5


def labels(asked: pl.DataFrame, later: pl.DataFrame, *, rise: float = 0.05) -> pl.Series:
    """1 where somebody was stuck, 0 where they got on, null where too few attempts followed; in the order of `asked`.

    asked: person_id, skill_id, attempts and score_sum of the curve then, mastery_level as it was told. later: CURVE
    after the horizon. rise: how much better the mean of the attempts between must be to count as progress [0..1].
    """
    now = later.select(*KEY, pl.col("attempts").alias("attempts_now"), pl.col("score_sum").alias("sum_now"))
    both = asked.join(now, on=KEY, how="left", maintain_order="left")
    between = pl.col("attempts_now") - pl.col("attempts")
    mean = (pl.col("sum_now") - pl.col("score_sum")) / between
    stuck = pl.when(between >= LEAST).then((mean - pl.col("mastery_level") < rise).cast(pl.Float64))
    return both.select(stuck.alias("stuck")).to_series()
