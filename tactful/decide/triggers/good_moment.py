"""One of their good hours has come, and they have done nothing yet today.

Their good hours come from `user_timing_profiles`; the clock and the day are their own. It is never a good moment in
their quiet hours.
"""

from functools import cache

import polars as pl

from tactful.decide.settings import MOMENT_CONFIDENCE, MOMENT_DAYS
from tactful.decide.triggers.base import PASSING, Condition, Trigger, clock, days_since, last_active, said, seen_within
from tactful.facts.hours import is_good, next_after
from tactful.facts.quiet import quiet
from tactful.kernel.settings import Settings


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """Who has not been there for long is left to other reasons; the better their hours are known, the more it helps."""
    seen = seen_within(settings[MOMENT_DAYS], MOMENT_DAYS.name)
    nothing = Condition(days_since() > 0, last_active("this is for who has done nothing yet today"))
    known = _known(settings[MOMENT_CONFIDENCE])
    expected = 0.05 + 0.1 * pl.col("timing_confidence")
    why = "It is one of their good hours, and they have done nothing yet today."
    opens = pl.when(nothing.holds & seen.holds & known.holds).then(pl.min_horizontal(next_hour() * 60, _wakes()))
    conditions = (known, _good_hour(), _awake(), nothing, seen)
    return (Trigger("good_moment", "optimal_timing_nudge", conditions, 4, expected, why, opens, today=True),)


@cache
def next_hour() -> pl.Expr:
    """The next good hour of today; null where none is left."""
    return next_after(pl.col("local_minute") // 60)


def _wakes() -> pl.Expr:
    """The minute of today at which their quiet hours end within a good hour; null where they do not."""
    end = pl.col("quiet_end")
    return pl.when((pl.col("local_minute") < end) & is_good(end // 60)).then(end)


def _known(least: float) -> Condition:
    sure = pl.col("timing_confidence")
    sentence = f"Too little is known of their hours: confidence {{}}, less than {least:g} ({MOMENT_CONFIDENCE.name})."
    return Condition(sure >= least, said(sentence, sure, unknown="Nothing is known of their hours."), PASSING)


def _good_hour() -> Condition:
    minute = pl.col("local_minute")
    sentence = "It is {} by their clock, which is none of their good hours of this weekday."
    told = said(sentence, clock(minute), unknown="It is not known what their clock shows.")
    unknown = pl.when(is_good(minute // 60).is_null()).then(pl.lit("Their good hours are not known."))
    return Condition(is_good(minute // 60), pl.coalesce(unknown, told), PASSING)


def _awake() -> Condition:
    sentence = "It is {} by their clock, within their quiet hours."
    told = said(sentence, clock(pl.col("local_minute")), unknown="It is not known what their clock shows.")
    return Condition(pl.col("local_minute").is_not_null() & ~quiet(pl.col("local_minute")), told)
