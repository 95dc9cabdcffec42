"""What may be done in a live session: how often, how risky, and whom it asks something of."""

from datetime import timedelta

from tactful.decide.live.settings import COOLDOWN, EXPIRY
from tactful.kernel.records import Initiative, Kind
from tactful.kernel.settings import Settings

POLL, CHAT_PROMPT, NOTIFICATION, GAMIFICATION = "POLL", "CHAT_PROMPT", "NOTIFICATION", "GAMIFICATION"
NAMES = (POLL, CHAT_PROMPT, NOTIFICATION, GAMIFICATION)

# What runs by itself in semi-automatic sessions: it lies beside the talk and can be passed over. A poll stands in its
# way, and a notification reaches everybody at once.
LOW_RISK = frozenset({CHAT_PROMPT, GAMIFICATION})


def kinds(settings: Settings) -> dict[str, Kind]:
    """Every kind by name, with the cooldowns that these settings give it. All are offered where people are already."""
    return {
        name: Kind(
            name,
            Initiative.IN_CONTEXT,
            cooldown=timedelta(seconds=settings[COOLDOWN[name]]),
            lifetime=timedelta(seconds=settings[EXPIRY]),
        )
        for name in NAMES
    }
