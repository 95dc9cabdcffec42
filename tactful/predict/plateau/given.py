"""The numbers a belief about being stuck is made from: counts, and what the curve of the attempts says."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from polars._typing import PolarsDataType

from tactful.kernel.settings import Settings
from tactful.predict.plateau import settings as rows
from tactful.predict.plateau.shape import SHAPE, Asked, shape

GIVEN: dict[str, PolarsDataType] = {
    # scored attempts, and days from the first to the last of them, both counted
    "attempts": pl.Int32,
    "days_on_topic": pl.Int32,
    "days_since_last": pl.Int32,
    "attempts_a_day": pl.Float64,
    # of the stretch in question: its attempts, its days, and how often such a stretch has been come through
    "stretch_attempts": pl.Float64,
    "stretch_days": pl.Int32,
    # chance that mastery rose less than progress asks for; change of mastery over the stretch (-1..1); mastery (0..1)
    "stuck": pl.Float64,
    "mastery_improvement": pl.Float64,
    "mastery_level": pl.Float64,
    # and where the stretch began; tells losses from plateaus, not who is stuck
    "mastery_began": pl.Float64,
    # mean score of the later half of the attempts less that of the earlier half (-1..1)
    "half_improvement": pl.Float64,
    # the last sudden change: attempts since, and how far it went (-1..1); null where there was none
    "attempts_since_change": pl.Float64,
    "jump": pl.Float64,
    # how far single attempts lie from the curve (standard deviation, 0..1)
    "scatter": pl.Float64,
}

# Curves at a time: what is needed for each is needed for these only.
AT_ONCE = 1_024
_DEFAULT = Settings({})


def given(curves: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """The columns of GIVEN for each row of `curves`, in its order.

    curves: columns of facts.curves.CURVE, and local_day: the person's day of the question. Point in time: as far as
    the curves are. What the curve says is null before there are enough attempts and days to say it.
    """
    chosen = _DEFAULT if settings is None else settings
    asked = Asked(chosen[rows.ATTEMPTS], chosen[rows.DAYS], chosen[rows.RISE])
    told = np.full((curves.height, len(SHAPE)), np.nan)
    for number, lines in _alike(curves):
        told[lines] = shape(_matrix(curves[lines, "sums"], number), _matrix(curves[lines, "days"], number),
                            curves[lines, "attempts"].to_numpy().astype(np.int64), asked)  # fmt: skip
    found = pl.DataFrame(told, schema=list(SHAPE)).fill_nan(None)
    frame = pl.concat([curves.select(**_counts()), found], how="horizontal")
    return frame.select(pl.col(name).cast(kind) for name, kind in GIVEN.items())


def _counts() -> dict[str, pl.Expr]:
    days = (pl.col("last_day") - pl.col("first_day")).dt.total_days() + 1
    return {
        "attempts": pl.col("attempts"),
        "days_on_topic": days,
        # a fact a little ahead of the clock is no negative silence
        "days_since_last": (pl.col("local_day") - pl.col("last_day")).dt.total_days().clip(lower_bound=0),
        "attempts_a_day": pl.col("attempts") / days,
    }


def _alike(curves: pl.DataFrame) -> Iterator[tuple[int, list[int]]]:
    """Row numbers of curves of the same number of points."""
    numbered = curves.select(points=pl.col("sums").list.len(), row=pl.int_range(pl.len()))
    for (points,), part in numbered.filter(pl.col("points") > 0).partition_by("points", as_dict=True).items():
        together = part["row"].to_list()
        for start in range(0, len(together), AT_ONCE):
            yield int(points), together[start : start + AT_ONCE]


def _matrix(lists: pl.Series, points: int) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    return lists.explode().cast(pl.Float64).to_numpy().reshape(-1, points)
