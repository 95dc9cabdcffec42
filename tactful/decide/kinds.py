"""The kinds of intervention for single people: who takes the first step, how often, how long it keeps."""

from datetime import timedelta

from tactful.decide.settings import COOLDOWN
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Settings

NUDGE, OUTREACH = Initiative.NUDGE, Initiative.OUTREACH

# name -> initiative, lifetime [hours], deferrable, critical
TABLE = {
    "morning_ritual": (NUDGE, 3, False, False),
    "evening_reflection": (NUDGE, 3, False, False),
    # Worth nothing once the day is over.
    "streak_preservation": (OUTREACH, 6, False, False),
    "gentle_nudge": (NUDGE, 24, False, False),
    "proactive_checkin": (OUTREACH, 48, True, False),
    "emotional_support": (OUTREACH, 48, True, True),
}


def kinds(settings: Settings) -> dict[str, Kind]:
    """Every kind by name, with the cooldowns that these settings give it."""
    return {
        name: Kind(
            name,
            initiative,
            cooldown=timedelta(hours=settings[COOLDOWN[name]]),
            lifetime=timedelta(hours=lifetime),
            deferrable=deferrable,
            critical=critical,
        )
        for name, (initiative, lifetime, deferrable, critical) in TABLE.items()
    }


# As the settings have them by default; names and initiatives are the same under all settings.
KINDS: tuple[Kind, ...] = tuple(kinds(Settings({})).values())
