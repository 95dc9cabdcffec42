"""Why somebody got what they got, said to themselves: what it was made from, what limits there are, how to stop it.

Nothing of how we believe or weigh things, and nothing about anybody else: those who are asked for reasons by people
they know little of deserve an answer they can check.
"""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

# By trigger. Whoever sees a reason knows it to be true or not.
REASONS = {
    "morning_ritual": "You are usually here in the morning around this time.",
    "evening_reflection": "You were active today, and are usually here in the evening around this time.",
    "streak_at_risk": "You have been here several days in a row, and today is not counted yet.",
    "risk_medium": "You have been here less lately than you used to be.",
    "risk_high": "You have been here much less lately than you used to be.",
    "risk_critical": "You have been away for long, compared with how you used to come.",
    "stuck_on_topic": "You have tried the same skill for days without getting further.",
    "skill_fading": "You have not practised for a while what you once knew.",
    "milestone_reached": "You reached a milestone, and had not been told yet.",
    "asked_re_engagement": "Whoever runs this place would be glad to see you again.",
    "asked_mood_support": "Whoever runs this place wanted to offer you support.",
    "asked_topic_follow_up": "Whoever runs this place wanted to come back to a topic of yours.",
    "asked_feature_suggestion": "Whoever runs this place thought that this may be of use to you.",
    "asked_check_in": "Whoever runs this place wanted to know how things are going for you.",
    "asked_weekly_digest": "Several small things had come together for you.",
    "negative_mood": "What you wrote last sounded as if something was hard.",
    "leaving_after_good": "You took part not long ago, and have been here less than you used to be.",
    "good_moment": "This is a time of the day at which things usually go well for you.",
}
OTHERWISE = "What you did lately was a reason for it."
ONE, MANY = "day", "days"


def because(trigger: str, own: Mapping[str, str] | None = None) -> str:
    """The reason for it, in a sentence. own: of triggers that the organisation made."""
    return REASONS.get(trigger) or (own or {}).get(trigger) or OTHERWISE


def made_from(facts: Mapping[str, Any]) -> list[str]:
    """What was known about them that it was made from, a sentence each. facts: see `context.FACTS`.

    >>> made_from({"current_streak": 3, "risk_level": "high"})
    ['You had come 3 days in a row.']
    """
    told = []
    if (streak := facts.get("current_streak") or 0) > 1:
        told.append(f"You had come {_days(streak)} in a row.")
    if seen := facts.get("last_seen_at"):
        told.append(f"You had last been here on {datetime.fromisoformat(seen):%-d %B %Y}.")
    if (topic := facts.get("plateau_skill") or facts.get("plateau_topic")) and facts.get("plateau_days"):
        told.append(f"You had been at {topic} for {_days(facts['plateau_days'])}.")
    if (skill := facts.get("fading_skill")) and facts.get("fading_days") is not None:
        told.append(f"You had last practised {skill} {_days(facts['fading_days'])} before.")
    if milestone := facts.get("milestone"):
        told.append(f"You had reached: {milestone}.")
    return told


def worded(model: str) -> list[str]:
    """That a language model found the words, if one did. model: its name.

    >>> worded(""), worded("small-1")
    ([], ['A language model (small-1) found the words. It was not told who you are.'])
    """
    return [f"A language model ({model}) found the words. It was not told who you are."] if model else []


def limits(preferences: Mapping[str, Any]) -> list[str]:
    """Their own limits as they are now, a sentence each. preferences: see `store.described.preferences`."""
    most = preferences["max_notifications_per_day"]
    told = [f"You get at most {most} such {'message' if most == 1 else 'messages'} a day."]
    start, end = preferences["quiet_hours_start"], preferences["quiet_hours_end"]
    if start is not None and end is not None:
        told.append(f"Nothing leaves the app between {_clock(start)} and {_clock(end)} of your day.")
    if preferences["dnd_enabled"]:
        told.append("Do not disturb is on: you get none.")
    if preferences["disabled_intervention_types"]:
        off = ", ".join(each.replace("_", " ") for each in preferences["disabled_intervention_types"])
        told.append(f"You switched off: {off}.")
    return told


def ways_out(kind: str, preferences: Mapping[str, Any]) -> list[dict[str, Any]]:
    """How to stop it: in words, and the change of preferences that does it."""
    off = sorted({*preferences["disabled_intervention_types"], kind})
    return [
        {"words": f"No more of this kind ({kind.replace('_', ' ')}).", "change": {"disabled_intervention_types": off}},
        {"words": "Nothing at all for now: do not disturb.", "change": {"dnd_enabled": True}},
    ]


def _days(count: int) -> str:
    return f"{count} {ONE if count == 1 else MANY}"


def _clock(at: time) -> str:
    return f"{at:%H:%M}"
