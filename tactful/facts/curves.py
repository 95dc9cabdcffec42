"""How somebody does on a skill, attempt by attempt, in at most 32 points however long they have been at it.

A point holds the same number of attempts as every other: one at first, and twice as many each time 32 points are
full, when neighbours become one. So the curve depends on the attempts and their order alone, not on how many came at
once, and a new attempt touches the last point only.
"""

from datetime import date

import ibis
import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars._typing import PolarsDataType

POINTS = 32
EPOCH = date(1970, 1, 1)

SKILL_CURVE = {
    "person_id": "int64",
    "skill_id": "string",
    "organisation_id": "int64",
    "topic": "string",
    "attempts": "int32",
    "score_sum": "float64",
    "first_day": "date",
    "last_day": "date",
    "sums": "array<float64>",
    "days": "array<int32>",
}

skill_curve = ibis.table(SKILL_CURVE, name="skill_curve")

CURVE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "organisation_id": pl.Int64,
    # what the skill was last said to belong to; null where nobody said
    "topic": pl.String,
    # scored attempts, and the sum of their scores (each 0..1)
    "attempts": pl.Int32,
    "score_sum": pl.Float64,
    # the person's own days of the first and of the last attempt
    "first_day": pl.Date,
    "last_day": pl.Date,
    # of each point: the sum of its scores, and the day of its last attempt [days since 1970]
    "sums": pl.List(pl.Float64),
    "days": pl.List(pl.Int32),
}

# Scored attempts in order of time; day: the person's own.
ATTEMPT: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "organisation_id": pl.Int64,
    "topic": pl.String,
    "day": pl.Date,
    "score": pl.Float64,
}

KEY = ("person_id", "skill_id")
_NUMBER = pl.int_range(pl.len(), dtype=pl.Int32)


def advance(state: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """The curves (CURVE) of everybody in `happened` after it, in order of person and skill.

    state: CURVE as it stood; rows of others do not matter. happened: ATTEMPT; what comes late counts as latest.
    One attempt or a whole log: ten at once end where ten one by one do, sums but for the last rounding.

    >>> one = pl.DataFrame({"person_id": [7], "skill_id": ["a"], "organisation_id": [1], "topic": [None],
    ...                     "day": [date(2026, 3, 1)], "score": [0.5]}, schema=ATTEMPT)
    >>> advance(advance(pl.DataFrame(schema=CURVE), one), one)["sums"].to_list()
    [[0.5, 0.5]]
    """
    known = state.join(happened.select(KEY).unique(), on=KEY, how="semi")
    whole = _together(known, happened)
    before = known.select(*KEY, pl.col("attempts").alias("before"))
    counted = happened.join(before, on=KEY, how="left", maintain_order="left")
    number = pl.col("before").fill_null(0) + _NUMBER.over(KEY)
    fresh = counted.select(
        *KEY, number.alias("number"), _days(pl.col("day")).alias("days"), pl.col("score").alias("sums")
    )
    points = pl.concat([_unfolded(known), fresh]).join(whole.select(*KEY, "attempts"), on=KEY)
    points = points.with_columns(point=pl.col("number") // _width(points["attempts"]))
    curves = (
        points.group_by(*KEY, "point").agg(pl.col("sums").sum(), pl.col("days").max())
        .sort(*KEY, "point").group_by(KEY, maintain_order=True).agg("sums", "days")
    )  # fmt: skip
    return whole.join(curves, on=KEY).sort(KEY).select(pl.col(name).cast(kind) for name, kind in CURVE.items())


def width(attempts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Attempts in each point of curves with so many `attempts`: 1 up to 32 of them, 2 up to 64, 4 up to 128.

    >>> width(np.array([32, 33, 128, 129])).tolist()
    [1, 2, 4, 8]
    """
    full = (attempts + POINTS - 1) // POINTS
    # the exponent of k - 1 is how many bits it has: how often one must be doubled to reach k
    doubled: NDArray[np.int64] = 2 ** np.frexp(np.maximum(full - 1, 0))[1].astype(np.int64)
    return doubled


def _width(attempts: pl.Series) -> pl.Series:
    return pl.Series(width(attempts.to_numpy().astype(np.int64)), dtype=pl.Int32)


def _together(known: pl.DataFrame, happened: pl.DataFrame) -> pl.DataFrame:
    """One row for each pair, without its points."""
    counts = known.select("organisation_id", "topic", "attempts", "score_sum", "first_day", "last_day", *KEY)
    fresh = happened.select(
        "organisation_id", "topic", pl.lit(1, pl.Int32).alias("attempts"), pl.col("score").alias("score_sum"),
        pl.col("day").alias("first_day"), pl.col("day").alias("last_day"), *KEY,
    )  # fmt: skip
    return pl.concat([counts, fresh]).group_by(KEY, maintain_order=True).agg(
        pl.col("organisation_id").last(), pl.col("topic").drop_nulls().last(), pl.col("attempts").sum(),
        pl.col("score_sum").sum(), pl.col("first_day").min(), pl.col("last_day").max(),
    )  # fmt: skip


def _unfolded(known: pl.DataFrame) -> pl.DataFrame:
    """A row for each point: the number of its first attempt, its day and its sum."""
    numbered = known.with_columns(wide=_width(known["attempts"])).explode("sums", "days")
    first = (_NUMBER.over(KEY) * pl.col("wide")).alias("number")
    return numbered.select(*KEY, first, "days", "sums")


def _days(day: pl.Expr) -> pl.Expr:
    return (day - EPOCH).dt.total_days().cast(pl.Int32)
