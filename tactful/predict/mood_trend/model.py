"""The cold start: a mood stays as it is, or goes on as it moves. Pure.

Before anything is known of its slope, falling, staying and rising are equally likely.
"""

from collections.abc import Mapping

import polars as pl

from tactful.kernel.settings import Settings

# Factor -> what learning may know of it.
FACTORS: Mapping[str, tuple[str, ...]] = {
    "mood_level": ("way", "mood", "back_to_usual"),
    "mood_movement": ("mood_slope", "last_message"),
    "ups_and_downs": ("spread",),
    "effort": ("quality_change",),
    "writing": ("messages", "pace", "days_silent"),
    "activity": ("activity_change",),
    "hours": ("at_night",),
}
EVEN = 1 / 3
# Days that a slope is believed to go on, and how much of a chance each step (-1..1) of mood is then worth.
GOES_ON, WORTH = 3.0, 0.5
# Messages at which half of the confidence is reached.
CONFIDENT = 10


def cold(given: pl.DataFrame, settings: Settings | None = None) -> pl.DataFrame:
    """How likely each mood goes that way: the columns of COLD, then each factor's part.

    given: columns of GIVEN. The score is null where no mood is known.
    """
    known, messages = pl.col("mood").is_not_null(), pl.col("messages").clip(lower_bound=0).fill_null(0)
    step = (WORTH * GOES_ON * pl.col("mood_slope").fill_nan(None)).clip(-EVEN, 1 - EVEN)
    parts = {name: pl.lit(None, pl.Float64) for name in FACTORS} | {"mood_level": pl.lit(EVEN), "mood_movement": step}
    return given.select(
        score=pl.when(known).then((EVEN + step.fill_null(0.0)).clip(0, 1)),
        confidence=pl.when(known).then(messages / (messages + CONFIDENT)).otherwise(0.0).cast(pl.Float64),
        **{name: pl.when(known).then(part) for name, part in parts.items()},
    )
