"""Settings of deciding: who may be reached how often, and when there is reason to."""

from typing import Any

from tactful.facts.milestones import STALE
from tactful.kernel.settings import Agreement, Setting


def clock(text: str) -> str | None:
    """What is wrong with a wall-clock time; None when nothing is.

    >>> clock("22:00") is None, clock("25:00")
    (True, 'is not a time like 22:00')
    """
    hours, _, minutes = text.partition(":")
    fine = hours.isdecimal() and minutes.isdecimal() and int(hours) < 24 and int(minutes) < 60
    return None if fine else "is not a time like 22:00"


def clock_or_nothing(text: str) -> str | None:
    """The same, where nothing at all will do."""
    return clock(text) if text else None


QUIET_START = Setting(
    "decide.quiet_start",
    "22:00",
    "When quiet hours begin for people who never said; empty for none.",
    check=clock_or_nothing,
    own=True,
)
QUIET_END = Setting(
    "decide.quiet_end",
    "08:00",
    "When quiet hours end for people who never said; empty for none.",
    check=clock_or_nothing,
    own=True,
)
MAX_PER_DAY = Setting(
    "decide.max_notifications_per_day",
    5,
    "Nudges and outreaches a person gets a day, unless they say otherwise.",
    unit="a day",
    low=0,
    high=100,
    own=True,
)
OUTREACH_PER_DAY = Setting(
    "decide.outreach_per_day",
    1,
    "Outreaches a person gets a day.",
    unit="a day",
    low=0,
    high=24,
    env=("MAX_OUTREACHES_PER_USER_PER_DAY",),
    own=True,
)
HOURS_BETWEEN = Setting(
    "decide.hours_between_outreaches",
    12.0,
    "Least time between two outreaches.",
    unit="hours",
    low=0,
    high=720,
    env=("MIN_HOURS_BETWEEN_OUTREACHES",),
    own=True,
)
IN_CONTEXT_PER_DAY = Setting(
    "decide.in_context_per_day",
    5,
    "Inline helps a person gets a day.",
    unit="a day",
    low=0,
    high=100,
    env=("DAILY_INLINE_LIMIT",),
    own=True,
)
CRITICAL_PER_DAY = Setting(
    "decide.critical_per_day",
    1,
    "Interventions of the critical class a person gets a day.",
    unit="a day",
    low=0,
    high=24,
    own=True,
)
HOLDOUT = Setting(
    "decide.holdout",
    0.05,
    "Share of people who are never nudged or reached out to, so that effects can be told.",
    low=0,
    high=0.5,
    own=True,
)
CONSENT_DEFAULT = Setting(
    "decide.consent_default", True, "Whether people who were never asked count as consenting to engagement.", own=True
)

MORNING_FROM = Setting(
    "decide.morning_from",
    "07:00",
    "Start of the morning ritual for people whose habit is unknown.",
    check=clock,
    own=True,
)
EVENING_FROM = Setting(
    "decide.evening_from",
    "19:30",
    "Start of the evening reflection for people whose habit is unknown.",
    check=clock,
    own=True,
)
RITUAL_MINUTES = Setting(
    "decide.ritual_minutes", 120, "How long a ritual's window stays open.", unit="minutes", low=15, high=480, own=True
)
RITUAL_DAYS = Setting(
    "decide.ritual_days", 7, "Rituals are for people seen within this many days.", unit="days", low=1, high=60, own=True
)
STREAK_FROM = Setting(
    "decide.streak_from", "18:00", "From when on a streak without activity today is at risk.", check=clock, own=True
)
STREAK_LEAST = Setting(
    "decide.streak_least", 3, "Days a streak must have to be worth saving.", unit="days", low=1, high=365, own=True
)

REENGAGE_DAYS = Setting(
    "decide.reengage_days",
    45,
    "People who were not seen for longer are not reached out to because of their risk.",
    unit="days",
    low=1,
    high=3650,
    own=True,
)
REENGAGE_CONFIDENCE = Setting(
    "decide.reengage_confidence",
    0.25,
    "Least confidence in a risk of leaving for anybody to be reached out to because of it.",
    low=0,
    high=1,
    own=True,
)

STUCK_DAYS = Setting(
    "decide.stuck_days",
    5,
    "Days on a topic without progress that must have passed before another approach is offered.",
    unit="days",
    low=1,
    high=365,
    own=True,
)

MOMENT_DAYS = Setting(
    "decide.moment_days", 8, "Nudges at a good moment are for people seen within this many days.", unit="days", low=1,
    high=60, own=True,
)  # fmt: skip
MOMENT_CONFIDENCE = Setting(
    "decide.moment_confidence",
    0.5,
    "Least confidence in somebody's hours for them to be nudged at one of the good ones.",
    low=0,
    high=1,
    own=True,
)

CELEBRATE_DAYS = Setting(
    "decide.celebrate_days", 7, "Milestones that were reached longer ago are not celebrated any more.", unit="days",
    low=1, high=STALE, own=True,
)  # fmt: skip

OUTREACH_FROM = Setting(
    "decide.outreach_from",
    "10:00",
    "From when on what was asked for may be sent to people whose good hours are not known.",
    check=clock,
    own=True,
)
OUTREACH_UNTIL = Setting("decide.outreach_until", "19:00", "Until when; by their own clock.", check=clock, own=True)
TALKED_HOURS = Setting(
    "decide.talked_hours",
    24,
    "How long what somebody said last is a reason to write to them.",
    unit="hours",
    low=1,
    high=168,
    own=True,
)
LEAVING_AFTER_GOOD = Setting(
    "decide.leaving_after_good",
    0.8,
    "Risk of leaving above which somebody who has just taken part well is written to.",
    low=0,
    high=1,
    own=True,
)

HELP_SECONDS = Setting(
    "decide.help_seconds",
    30.0,
    "How long somebody must have been on a section for a long stay, or scrolling there, to be reason for help.",
    unit="seconds",
    low=1,
    high=3600,
    env=("TIME_THRESHOLD_SECONDS",),
    own=True,
)
HELP_SCROLLS = Setting(
    "decide.help_scrolls",
    3,
    "Bursts of scrolling on a section that count as going back and forth in it.",
    unit="bursts",
    low=1,
    high=1000,
    own=True,
)
HELP_HESITATIONS = Setting(
    "decide.help_hesitations",
    3,
    "Times the pointer must have rested on a control, without pressing it, to be reason for help.",
    unit="times",
    low=1,
    high=1000,
    own=True,
)

# kind -> in words, cooldown and lifetime by default [hours]
HOURS = {
    "morning_ritual": ("morning rituals", 20.0, 3.0),
    "evening_reflection": ("evening reflections", 20.0, 3.0),
    # Worth nothing once the day is over; a trigger cuts it there.
    "streak_preservation": ("streak reminders", 20.0, 6.0),
    "gentle_nudge": ("gentle nudges", 72.0, 24.0),
    "alternative_approach": ("offers of another approach", 72.0, 48.0),
    "skill_refresh": ("reminders of fading skills", 48.0, 48.0),
    # Several that are reached in between are one.
    "milestone_celebration": ("celebrations of milestones", 4.0, 72.0),
    "optimal_timing_nudge": ("nudges at a good moment", 20.0, 2.0),
    "proactive_checkin": ("check-ins", 96.0, 48.0),
    "emotional_support": ("offers of support", 168.0, 48.0),
    "re_engagement": ("attempts to win somebody back", 168.0, 48.0),
    "mood_support": ("offers of support after a sad message", 72.0, 24.0),
    "topic_follow_up": ("returns to a topic", 72.0, 48.0),
    "feature_suggestion": ("suggestions of a feature", 168.0, 72.0),
    "check_in": ("friendly check-ins", 96.0, 48.0),
    "weekly_digest": ("digests", 144.0, 72.0),
}
QUIETER = Setting(
    "decide.quieter_when_ignored",
    2.0,
    "How many times as long an outreach of a kind rests for each one of the kind that was left unanswered, up to 60 "
    "days; taking one up starts anew.",
    low=1,
    high=10,
    own=True,
)
# What is shown at once or not at all keeps for no time: kind -> in words, cooldown by default [hours]
AT_ONCE = {
    "inline_help": ("inline helps", 0.05),
    "foreseen_help": ("offers of help before something hard", 0.05),
    "quick_action": ("proposals of the same quick action", 1.0),
}
COOLDOWN = {
    kind: Setting(
        f"decide.cooldown_{kind}", hours, f"Least time between two {said}.", unit="hours", low=0, high=8760, own=True
    )
    for kind, (said, hours) in ({kind: (said, rest) for kind, (said, rest, _) in HOURS.items()} | AT_ONCE).items()
}
LIFETIME = {
    kind: Setting(
        f"decide.lifetime_{kind}", hours, f"How long {said} stay worth saying.", unit="hours", low=1, high=720, own=True
    )
    for kind, (said, _, hours) in HOURS.items()
}

# Kinds that go to people outside the product, for which a share of people can be told.
REACHING_OUT = (
    "streak_preservation", "proactive_checkin", "emotional_support", "re_engagement", "mood_support",
    "topic_follow_up", "feature_suggestion", "check_in", "weekly_digest",
)  # fmt: skip
ROLLOUT = {
    kind: Setting(
        f"decide.rollout_{kind}",
        1.0,
        f"Share of people who may get {HOURS[kind][0]}; who is among them stays so while the share grows.",
        low=0,
        high=1,
        own=True,
    )
    for kind in REACHING_OUT
}

LEAST_CHANCE = Setting(
    "decide.least_chance",
    0.05,
    "Least chance of every kind, and of every template of the kind, that is allowed in a live room to be the one that "
    "is chosen, so that what each of them does can still be told.",
    low=0.001,
    high=0.25,
    own=True,
)

ALERTS_PER_DAY = Setting(
    "alerts.per_day",
    10,
    "Alerts an educator gets a day; the others are held until the next day and told as one summary.",
    unit="a day",
    low=0,
    high=1000,
    own=True,
)
ALERTS_AGAIN = Setting(
    "alerts.again_days",
    14,
    "After how long an educator is told again of somebody who is still critical.",
    unit="days",
    low=1,
    high=365,
    own=True,
)

AGREEMENTS = (
    Agreement(
        (QUIET_START, QUIET_END),
        lambda start, end: None if bool(start) == bool(end) else "must both be given, or both be empty",
    ),
)

SETTINGS: tuple[Setting[Any], ...] = (
    QUIET_START, QUIET_END, MAX_PER_DAY, OUTREACH_PER_DAY, HOURS_BETWEEN, IN_CONTEXT_PER_DAY, CRITICAL_PER_DAY, HOLDOUT,
    CONSENT_DEFAULT, MORNING_FROM, EVENING_FROM, RITUAL_MINUTES, RITUAL_DAYS, STREAK_FROM, STREAK_LEAST,
    REENGAGE_DAYS,
    REENGAGE_CONFIDENCE, STUCK_DAYS, MOMENT_DAYS, MOMENT_CONFIDENCE, CELEBRATE_DAYS, LEAST_CHANCE,
    ALERTS_PER_DAY, ALERTS_AGAIN, HELP_SECONDS, HELP_SCROLLS, HELP_HESITATIONS,
    OUTREACH_FROM, OUTREACH_UNTIL, TALKED_HOURS, LEAVING_AFTER_GOOD,
    QUIETER, *COOLDOWN.values(), *LIFETIME.values(), *ROLLOUT.values(),
)  # fmt: skip
