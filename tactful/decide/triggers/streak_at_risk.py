"""A streak worth saving ends at their own midnight unless they come by today."""

import polars as pl

from tactful.decide.localtime import minute_of
from tactful.decide.settings import STREAK_FROM, STREAK_LEAST
from tactful.decide.triggers.base import PASSING, Condition, Trigger, clock, counted, days_since, last_active, said
from tactful.facts.streaks import REST_DAYS, ending, standing
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """The day boundary is the person's own; the longer the streak, the more there is to save."""
    start = minute_of(settings[STREAK_FROM]) or 0
    ends = _ends(settings[REST_DAYS])
    worth = _worth(settings[STREAK_LEAST])
    expected = 0.1 + 0.2 * (pl.col("current_streak").cast(pl.Float64) / 30).clip(0, 1)
    why = "Their streak ends at midnight unless they come by."
    opens = pl.when(ends.holds & worth.holds).then(start)
    conditions = (ends, _late(start), worth)
    return (Trigger("streak_at_risk", "streak_preservation", conditions, 8, expected, why, opens, today=True),)


def _ends(rest: int) -> Condition:
    """Their streak stands, and a day off today would break it."""
    if not rest:
        return Condition(days_since() == 1, last_active("a streak ends tonight only if that was yesterday"))
    days, bits = days_since(), pl.col("week_days")
    so_far = last_active(f"of seven days {rest} may be off ({REST_DAYS.name}), and their streak ended before today")
    left = last_active(f"of seven days {rest} may be off ({REST_DAYS.name}), so their streak outlasts a day off today")
    told = pl.when(standing(days, bits, rest) | (days < 1)).then(left).otherwise(so_far)
    return Condition(ending(days, bits, rest), told)


def _late(start: int) -> Condition:
    minute = pl.col("local_minute")
    sentence = f"It is {{}} by their clock, earlier than {{}} ({STREAK_FROM.name})."
    unknown = "It is not known what their clock shows."
    return Condition(minute >= start, said(sentence, clock(minute), clock(pl.lit(start)), unknown=unknown), PASSING)


def _worth(least: int) -> Condition:
    days = pl.col("current_streak")
    sentence = f"Their streak counts {{}}, fewer than {least} ({STREAK_LEAST.name})."
    return Condition(days >= least, said(sentence, counted(days), unknown="It is not known how long their streak is."))
