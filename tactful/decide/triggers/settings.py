"""Settings of triggers: each can be switched off, by itself."""

from tactful.kernel.settings import Setting

# trigger -> what it does, in words
TOLD = {
    "morning_ritual": "a morning ritual is proposed",
    "evening_reflection": "an evening reflection is proposed",
    "streak_at_risk": "a streak that would end today is a reason to write",
    "risk_medium": "a medium risk of leaving is a reason for a gentle nudge",
    "risk_high": "a high risk of leaving is a reason for a check-in",
    "risk_critical": "a critical risk of leaving is a reason to offer support",
    "stuck_on_topic": "being stuck on a topic is a reason to offer another approach",
    "skill_fading": "a skill that fades is a reason for a reminder",
    "milestone_reached": "a milestone that they reached is celebrated",
    "asked_re_engagement": "what somebody asked for to win them back is proposed",
    "asked_mood_support": "support that somebody asked for is proposed",
    "asked_topic_follow_up": "coming back to a topic, as somebody asked, is proposed",
    "asked_feature_suggestion": "a feature that somebody wants suggested is proposed",
    "asked_check_in": "a check-in that somebody asked for is proposed",
    "asked_weekly_digest": "a digest of several small things is proposed",
    "negative_mood": "a sad or angry message is a reason to offer support",
    "leaving_after_good": "a great risk of leaving after taking part well is a reason to win them back",
    "good_moment": "one of somebody's good hours is a reason for a nudge",
}
SWITCHES = {
    name: Setting(
        f"decide.on_{name}",
        True,
        f"Whether {told}. Off, it proposes nothing, and what it proposed and still waits is withdrawn.",
        own=True,
    )
    for name, told in TOLD.items()
}

SETTINGS = tuple(SWITCHES.values())
