"""They go on trying a skill without getting anywhere: another way in may help more than one more try.

The plateau and what is suggested come from `learning_plateaus`. What somebody took is given time to help first.
"""

import polars as pl

from tactful.decide.settings import STUCK_DAYS
from tactful.decide.triggers.base import Condition, Trigger, counted, said
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The longer they have been at it, the more there is to gain."""
    long = (pl.col("plateau_days").cast(pl.Float64) / 30).clip(0, 1)
    why = "They have tried a skill for days without getting further."
    stuck = _stuck(settings[STUCK_DAYS])
    return (Trigger("stuck_on_topic", "alternative_approach", (stuck,), 6, 0.1 + 0.1 * long, why),)


def _stuck(most: int) -> Condition:
    days, taken = pl.col("plateau_days"), pl.col("plateau_taken")
    topic = pl.coalesce("plateau_skill", "plateau_topic")
    short = f"They have been stuck on {{}} for {{}}; it takes more than {most} ({STUCK_DAYS.name})."
    told = said(short, topic, counted(days), unknown="They are not known to be stuck on anything.")
    given = pl.format("They took up what was suggested for {}; it is given time to help.", topic)
    return Condition((days > most) & ~taken, pl.when(taken).then(pl.coalesce(given, told)).otherwise(told))
