"""Settings of deciding in live sessions."""

from typing import Any

from tactful.kernel.settings import Setting

# What each kind is called, and the seed's cooldown [s].
SAID = {
    "POLL": ("polls", 120),
    "CHAT_PROMPT": ("chat prompts", 60),
    "NOTIFICATION": ("notifications", 300),
    "GAMIFICATION": ("games", 180),
}
COOLDOWN = {
    kind: Setting(
        f"live.cooldown_{kind.lower()}",
        seconds,
        f"Least time between two {said} in a live session.",
        unit="seconds",
        low=0,
        high=86_400,
        own=True,
    )
    for kind, (said, seconds) in SAID.items()
}
PER_HOUR = Setting(
    "live.per_hour", 12, "Interventions a live session gets in an hour.", unit="an hour", low=0, high=240, own=True
)
LAST_SECONDS = Setting(
    "live.last_seconds",
    120,
    "How long before the planned end of a live session nothing is begun in it any more; after that end nothing is, "
    "either.",
    unit="seconds",
    low=0,
    high=3600,
    own=True,
)
LEAST_VIEWERS = Setting(
    "live.least_viewers",
    5,
    "With fewer viewers nothing is done in a live session; so few are better asked by name. Of fewer than five the "
    "detector tells nothing, whatever stands here.",
    unit="viewers",
    low=0,
    high=100_000,
    own=True,
)
EXPIRY = Setting(
    "live.suggestion_seconds",
    90,
    "How long a suggestion waits for an organiser; the moment it was made for has passed then.",
    unit="seconds",
    low=5,
    high=3600,
    own=True,
)
CONTROL = Setting(
    "live.control_share",
    0.1,
    "Share of moments that are left alone on purpose, so that it can be told what would have come of them.",
    low=0.0,
    high=0.5,
    own=True,
)
# handler -> what it does, in words
HANDLED = {
    "sudden_drop_poll": "a poll is offered where an audience falls silent at once",
    "sudden_drop_chat_prompt": "a chat prompt is offered where an audience falls silent at once",
    "gradual_decline_poll": "a poll is offered where attention fades",
    "gradual_decline_gamification": "a game is offered where attention fades",
    "low_engagement_poll": "a poll is offered where little has been heard for a while",
    "low_engagement_notification": "a notification is offered where little has been heard for a while",
    "mass_exit_notification": "organisers are told at once that many are leaving",
    "mass_exit_poll": "those who stay are asked something where many are leaving",
}
SWITCHES = {name: Setting(f"live.on_{name}", True, f"Whether {told}.", own=True) for name, told in HANDLED.items()}

SETTINGS: tuple[Setting[Any], ...] = (
    *COOLDOWN.values(),
    PER_HOUR,
    LAST_SECONDS,
    LEAST_VIEWERS,
    EXPIRY,
    CONTROL,
    *SWITCHES.values(),
)
