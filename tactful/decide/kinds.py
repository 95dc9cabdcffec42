"""The kinds of intervention for single people: who takes the first step, how often, how long it keeps."""

from datetime import timedelta

from tactful.decide.settings import COOLDOWN, LIFETIME
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Settings

ASKED, IN_CONTEXT = Initiative.ASKED, Initiative.IN_CONTEXT
NUDGE, OUTREACH = Initiative.NUDGE, Initiative.OUTREACH

# name -> initiative, deferrable, critical
TABLE = {
    "morning_ritual": (NUDGE, False, False),
    "evening_reflection": (NUDGE, False, False),
    "streak_preservation": (OUTREACH, False, False),
    "gentle_nudge": (NUDGE, False, False),
    "alternative_approach": (NUDGE, False, False),
    "skill_refresh": (NUDGE, False, False),
    "milestone_celebration": (NUDGE, False, False),
    "optimal_timing_nudge": (NUDGE, False, False),
    "proactive_checkin": (OUTREACH, True, False),
    "emotional_support": (OUTREACH, True, True),
    "re_engagement": (OUTREACH, True, False),
    "mood_support": (OUTREACH, True, True),
    "topic_follow_up": (OUTREACH, True, False),
    "feature_suggestion": (OUTREACH, True, False),
    "check_in": (OUTREACH, True, False),
    "weekly_digest": (OUTREACH, True, False),
    # Shown where they are, at once or not at all.
    "inline_help": (IN_CONTEXT, False, False),
    "foreseen_help": (IN_CONTEXT, False, False),
    "quick_action": (ASKED, False, False),
}
# How long a page that shows what is shown at once may take to do so.
NOW = timedelta(hours=1)


def kinds(settings: Settings) -> dict[str, Kind]:
    """Every kind by name, with the cooldowns and lifetimes that these settings give it."""
    return {
        name: Kind(
            name,
            initiative,
            cooldown=timedelta(hours=settings[COOLDOWN[name]]),
            lifetime=timedelta(hours=settings[LIFETIME[name]]) if name in LIFETIME else NOW,
            deferrable=deferrable,
            critical=critical,
        )
        for name, (initiative, deferrable, critical) in TABLE.items()
    }


# As the settings have them by default; names and initiatives are the same under all settings.
KINDS: tuple[Kind, ...] = tuple(kinds(Settings({})).values())
