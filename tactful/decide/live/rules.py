"""Everything a decision in a live session depends on besides the session and the instant."""

from tactful.decide.guardrails import LIVE_RAILS
from tactful.decide.live.handlers import triggers
from tactful.decide.live.kinds import kinds
from tactful.decide.live.settings import LAST_SECONDS, LEAST_VIEWERS, PER_HOUR, SETTINGS
from tactful.decide.policies import RANKED, Policy
from tactful.decide.rules import Rules
from tactful.decide.settings import LEAST_CHANCE
from tactful.facts.allowances import Defaults, Limits
from tactful.kernel.settings import Settings

# Of rooms nobody asks for quiet hours or consent; people have those.
NOBODY = Defaults(consented=True, quiet_start=None, quiet_end=None, max_per_day=0)


def rules(settings: Settings, *, policy: Policy = RANKED) -> Rules:
    """The rules these settings make for live sessions.

    >>> [rail.name for rail in rules(Settings({})).rails]
    ['cooldown', 'repeat', 'paused', 'agenda', 'audience', 'live_hourly']
    """
    limits = Limits(
        *(0, 0, 0, 0),
        live_per_hour=settings[PER_HOUR],
        live_last_seconds=settings[LAST_SECONDS],
        live_least_viewers=settings[LEAST_VIEWERS],
    )
    values = settings.public((*SETTINGS, LEAST_CHANCE))
    return Rules(kinds(settings), triggers(), LIVE_RAILS, policy, NOBODY, limits, 0.0, values, rules)
