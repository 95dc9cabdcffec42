"""Settings of deciding: who may be reached how often, and when there is reason to."""

from typing import Any

from tactful.kernel.settings import Setting


def clock(text: str) -> str | None:
    """What is wrong with a wall-clock time; None when nothing is.

    >>> clock("22:00") is None, clock("25:00")
    (True, 'is not a time like 22:00')
    """
    hours, _, minutes = text.partition(":")
    fine = hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60
    return None if fine or text == "" else "is not a time like 22:00"


QUIET_START = Setting(
    "decide.quiet_start", "22:00", "When quiet hours begin for people who never said; empty for none.", check=clock
)
QUIET_END = Setting("decide.quiet_end", "08:00", "When quiet hours end for people who never said.", check=clock)
MAX_PER_DAY = Setting(
    "decide.max_notifications_per_day",
    5,
    "Nudges and outreaches a person gets a day, unless they say otherwise.",
    unit="a day",
    low=0,
    high=100,
)
OUTREACH_PER_DAY = Setting(
    "decide.outreach_per_day",
    1,
    "Outreaches a person gets a day.",
    unit="a day",
    low=0,
    high=24,
    env=("MAX_OUTREACHES_PER_USER_PER_DAY",),
)
HOURS_BETWEEN = Setting(
    "decide.hours_between_outreaches",
    12.0,
    "Least time between two outreaches.",
    unit="hours",
    low=0,
    high=720,
    env=("MIN_HOURS_BETWEEN_OUTREACHES",),
)
IN_CONTEXT_PER_DAY = Setting(
    "decide.in_context_per_day",
    5,
    "Inline helps a person gets a day.",
    unit="a day",
    low=0,
    high=100,
    env=("DAILY_INLINE_LIMIT",),
)
CRITICAL_PER_DAY = Setting(
    "decide.critical_per_day",
    1,
    "Interventions of the critical class a person gets a day.",
    unit="a day",
    low=0,
    high=24,
)
HOLDOUT = Setting(
    "decide.holdout",
    0.05,
    "Share of people who are never nudged or reached out to, so that effects can be told.",
    low=0,
    high=0.5,
)
CONSENT_DEFAULT = Setting(
    "decide.consent_default", True, "Whether people who were never asked count as consenting to engagement."
)

MORNING_FROM = Setting(
    "decide.morning_from", "07:00", "Start of the morning ritual for people whose habit is unknown.", check=clock
)
EVENING_FROM = Setting(
    "decide.evening_from", "19:30", "Start of the evening reflection for people whose habit is unknown.", check=clock
)
RITUAL_MINUTES = Setting(
    "decide.ritual_minutes", 120, "How long a ritual's window stays open.", unit="minutes", low=15, high=480
)
RITUAL_DAYS = Setting(
    "decide.ritual_days", 7, "Rituals are for people seen within this many days.", unit="days", low=1, high=60
)
STREAK_FROM = Setting(
    "decide.streak_from", "18:00", "From when on a streak without activity today is at risk.", check=clock
)
STREAK_LEAST = Setting(
    "decide.streak_least", 3, "Days a streak must have to be worth saving.", unit="days", low=1, high=365
)

REENGAGE_DAYS = Setting(
    "decide.reengage_days",
    45,
    "People who were not seen for longer are not reached out to because of their risk.",
    unit="days",
    low=1,
    high=3650,
)
REENGAGE_CONFIDENCE = Setting(
    "decide.reengage_confidence",
    0.25,
    "Least confidence in a risk of leaving for anybody to be reached out to because of it.",
    low=0,
    high=1,
)

COOLDOWN = {
    "morning_ritual": Setting(
        "decide.cooldown_morning_ritual", 20.0, "Least time between two morning rituals.", unit="hours", low=0
    ),
    "evening_reflection": Setting(
        "decide.cooldown_evening_reflection", 20.0, "Least time between two evening reflections.", unit="hours", low=0
    ),
    "streak_preservation": Setting(
        "decide.cooldown_streak_preservation", 20.0, "Least time between two streak reminders.", unit="hours", low=0
    ),
    "gentle_nudge": Setting(
        "decide.cooldown_gentle_nudge", 72.0, "Least time between two gentle nudges.", unit="hours", low=0
    ),
    "proactive_checkin": Setting(
        "decide.cooldown_proactive_checkin", 96.0, "Least time between two check-ins.", unit="hours", low=0
    ),
    "emotional_support": Setting(
        "decide.cooldown_emotional_support", 168.0, "Least time between two offers of support.", unit="hours", low=0
    ),
}

SETTINGS: tuple[Setting[Any], ...] = (
    QUIET_START, QUIET_END, MAX_PER_DAY, OUTREACH_PER_DAY, HOURS_BETWEEN, IN_CONTEXT_PER_DAY, CRITICAL_PER_DAY, HOLDOUT,
    CONSENT_DEFAULT, MORNING_FROM, EVENING_FROM, RITUAL_MINUTES, RITUAL_DAYS, STREAK_FROM, STREAK_LEAST,
    REENGAGE_DAYS,
    REENGAGE_CONFIDENCE,
    *COOLDOWN.values(),
)  # fmt: skip
