"""Settings of what is done in process and over HTTP alike; HTTP is where most meet them, and so they are named."""

from pathlib import Path

from tactful.kernel.settings import Setting

# No widget token is good for longer [minutes].
LONGEST_WIDGET = 720


def _long_enough(value: str) -> str | None:
    return "is shorter than 32 bytes" if 0 < len(value.encode()) < 32 else None


def _safe(value: str) -> str | None:
    loopback = ("http://localhost:", "http://127.0.0.1:", "http://[::1]:")
    unsafe = value.startswith("http://") and not value.startswith(loopback)
    if unsafe:
        return "would fetch keys without https"
    there = not value or value.lstrip().startswith("{") or "://" in value or Path(value).is_file()
    return None if there else "is not a file that is there, nor JSON, nor an https address"


JWT_SECRET = Setting(
    "api.jwt_secret",
    "",
    "Secret that signs HS256 tokens, at least 32 bytes. Empty: one kept in the data directory, unless api.jwks is set.",
    env=("JWT_SECRET", "JWT_SECRET_KEY"),
    secret=True,
    check=_long_enough,
)
JWKS = Setting(
    "api.jwks",
    "",
    "Public keys of your own issuer (RS256, ES256): a file, the JSON itself, or an https address.",
    check=_safe,
)
AUDIENCE = Setting("api.audience", "tactful", "The audience (aud) a token must name.")
SERVICE_TOKEN_DAYS = Setting(
    "api.service_token_days",
    365,
    "How long a service token is good for unless asked otherwise.",
    unit="days",
    low=1,
    high=3650,
)
WIDGET_MINUTES = Setting(
    "api.widget_minutes",
    30,
    "How long a widget token is good for unless asked otherwise.",
    unit="minutes",
    low=1,
    high=LONGEST_WIDGET,
)
ROTATION_HOURS = Setting(
    "api.rotation_hours", 24.0, "How long the old service token still works after a rotation.", unit="hours", low=0
)
SNOOZE_MINUTES = Setting(
    "api.snooze_minutes",
    60,
    "How long a snoozed intervention stays away.",
    unit="minutes",
    low=1,
    high=10_080,
    own=True,
)

SESSION_HOURS = Setting(
    "console.session_hours", 12.0, "How long an operator stays signed in at most.", unit="hours", low=0.1, high=720
)
IDLE_MINUTES = Setting(
    "console.idle_minutes", 120, "An operator who does nothing for so long is signed out.", unit="minutes", low=1
)
LINK_HOURS = Setting(
    "console.link_hours", 48.0, "How long a link that lets an operator in can be used.", unit="hours", low=0.1, high=720
)
TRY_MOST = Setting(
    "console.tries", 10, "How often an operator may try to sign in within console.try_minutes.", unit="tries", low=1
)
TRY_MINUTES = Setting(
    "console.try_minutes", 15, "For how long tries to sign in are counted.", unit="minutes", low=1, high=1440
)

SETTINGS = (
    JWT_SECRET,
    JWKS,
    AUDIENCE,
    SERVICE_TOKEN_DAYS,
    WIDGET_MINUTES,
    ROTATION_HOURS,
    SNOOZE_MINUTES,
    SESSION_HOURS,
    IDLE_MINUTES,
    LINK_HOURS,
    TRY_MOST,
    TRY_MINUTES,
)
