"""The risk that they leave has reached a level at which reaching out is worth a try.

Two kinds of people are left alone: those of whom too little is known to say that they are leaving
something, and those who are gone so long that a message would come out of nowhere.
"""

import polars as pl

from tactful.decide.settings import REENGAGE_CONFIDENCE, REENGAGE_DAYS
from tactful.decide.triggers.base import Condition, Trigger, said, seen_within
from tactful.kernel.settings import Settings

# level -> kind, priority
LEVELS = {"medium": ("gentle_nudge", 5), "high": ("proactive_checkin", 7), "critical": ("emotional_support", 9)}

RISING = list(LEVELS)


def triggers(settings: Settings) -> tuple[Trigger, ...]:
    """One trigger for each level; an unknown level gives no reason."""
    known = _known(settings[REENGAGE_CONFIDENCE])
    seen = seen_within(settings[REENGAGE_DAYS], REENGAGE_DAYS.name)
    return tuple(
        Trigger(
            f"risk_{level}",
            kind,
            (_at(level), known, seen),
            priority,
            0.3 * pl.col("risk_score"),
            f"Their risk of leaving is {level}.",
        )
        for level, (kind, priority) in LEVELS.items()
    )


def _at(level: str) -> Condition:
    now = pl.col("risk_level")
    unknown = "It is not known how great their risk of leaving is."
    told = said(f"Their risk of leaving is {{}}, not {level}.", now, unknown=unknown)
    # A risk that has grown is reason enough for what was meant for a smaller one.
    return Condition(now == level, told, now.is_in(RISING[RISING.index(level) :]))


def _known(least: float) -> Condition:
    sure = pl.col("risk_confidence")
    # Rounded down: what falls short by little must not look as if it sufficed.
    shown = (sure * 1000).floor() / 1000
    sentence = f"Too little is known about them: confidence {{}}, less than {least:g} ({REENGAGE_CONFIDENCE.name})."
    unknown = "Nothing is known about them that a risk could be told from."
    return Condition(sure >= least, said(sentence, shown, unknown=unknown))
