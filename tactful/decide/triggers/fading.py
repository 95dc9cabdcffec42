"""A skill they once knew is fading: practising it now costs less than learning it again.

What fades, and how urgent it is, comes from `skill_regressions`. Each regression is a reason once.
"""

import polars as pl

from tactful.decide.triggers.base import Condition, Trigger, said
from tactful.kernel.settings import Settings

URGENT = ("high", "critical")


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The more is lost, the more there is to gain."""
    why = "A skill they once knew is fading."
    return (Trigger("skill_fading", "skill_refresh", (_urgent(),), 6, 0.3 * pl.col("fading_loss"), why),)


def _urgent() -> Condition:
    urgency = pl.col("fading_urgency")
    sentence = "What fades of {} is of {} urgency; a reminder is for high and critical."
    unknown = "Nothing is known to be fading that they have not practised or been reminded of since."
    told = said(sentence, pl.col("fading_skill"), urgency, unknown=unknown)
    # What was chosen for a skill that they have practised meanwhile is over.
    return Condition(urgency.is_in(URGENT), told, pl.col("fading_open"))
