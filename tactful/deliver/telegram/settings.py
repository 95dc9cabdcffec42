"""Settings of the Telegram bot."""

import re
from urllib.parse import urlsplit

from tactful.kernel.settings import Agreement, Setting


def _token(value: str) -> str | None:
    return None if not value or re.fullmatch(r"\d{1,19}:[A-Za-z0-9_-]{20,200}", value) else "is not a bot's token"


def _address(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not parts.query
    except ValueError:
        fits = False
    return None if fits or not value else "is not an address like https://example.org"


def _told(value: str) -> str | None:
    wrong = _address(value)
    return wrong or ("must begin with https://" if value and not value.startswith("https://") else None)


def _secret(value: str) -> str | None:
    fits = not value or re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value)
    return None if fits else "is not 16 to 256 letters, digits, _ or -"


def _name(value: str) -> str | None:
    return None if not value or re.fullmatch(r"[A-Za-z0-9_]{5,32}", value) else "is not a bot's name, without the @"


def _both(webhook: str, secret: str) -> str | None:
    alone = "do not fit: without the secret Telegram's calls cannot be told from anybody's"
    return alone if webhook and not secret else None


TOKEN = Setting(
    "telegram.token",
    "",
    "The bot's token, as BotFather tells it; empty: no Telegram. In the environment alone, never in a file.",
    env=("TELEGRAM_BOT_TOKEN",),
    secret=True,
    never_in_file=True,
    check=_token,
)
NAME = Setting("telegram.name", "", "The bot's name without the @, for links that open a chat with it.", check=_name)
WEBHOOK = Setting(
    "telegram.webhook",
    "",
    "Address under which Telegram reaches `POST /api/v1/telegram`; empty: a worker asks for what people said.",
    check=_told,
)
WEBHOOK_SECRET = Setting(
    "telegram.webhook_secret",
    "",
    "Secret that Telegram shows with each call. In the environment alone, never in a file.",
    secret=True,
    never_in_file=True,
    check=_secret,
)
API = Setting(
    "telegram.api", "https://api.telegram.org", "Where the Bot API is, for a server of your own.", check=_address
)
LINKS = Setting(
    "telegram.links",
    "https://t.me",
    "Where links that open a chat with the bot lead; elsewhere only for trying things out.",
    check=_address,
)
TIMEOUT = Setting("telegram.timeout", 10.0, "How long Telegram may take to answer.", unit="seconds", low=0.1, high=60)
WAIT = Setting(
    "telegram.wait", 25.0, "How long asking for what people said waits for something.", unit="seconds", low=0, high=50
)
PACE = Setting(
    "telegram.pace", 25.0, "Messages at most, of all workers together.", unit="per second", low=0.01, high=1000
)

AGREEMENTS = (Agreement((WEBHOOK, WEBHOOK_SECRET), _both),)

SETTINGS = (TOKEN, NAME, WEBHOOK, WEBHOOK_SECRET, API, LINKS, TIMEOUT, WAIT, PACE)
