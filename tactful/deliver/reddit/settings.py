"""Settings of the account on Reddit."""

import re
from urllib.parse import urlsplit

from tactful.kernel.settings import Agreement, Setting


def _address(value: str) -> str | None:
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and not parts.query
    except ValueError:
        fits = False
    return None if fits else "is not an address like https://www.reddit.com"


def _name(value: str) -> str | None:
    return None if not value or re.fullmatch(r"[A-Za-z0-9_-]{3,20}", value) else "is not a name on Reddit, without u/"


def _whole(enabled: bool, client: str, secret: str, name: str, password: str) -> str | None:
    whole = all((client, secret, name, password))
    return "do not fit: an account needs all of the others to be used" if enabled and not whole else None


ENABLED = Setting(
    "reddit.enabled",
    False,
    "Whether people who linked themselves are reached on Reddit; read its rules first, in docs/guides/chat.md.",
)
CLIENT_ID = Setting("reddit.client_id", "", "The id of the application that Reddit approved.")
CLIENT_SECRET = Setting(
    "reddit.client_secret",
    "",
    "Its secret. In the environment alone, never in a file.",
    secret=True,
    never_in_file=True,
)
NAME = Setting("reddit.name", "", "The account's name, without u/.", check=_name)
PASSWORD = Setting(
    "reddit.password",
    "",
    "Its password. In the environment alone, never in a file.",
    secret=True,
    never_in_file=True,
)
SITE = Setting("reddit.site", "https://www.reddit.com", "Where tokens are asked for.", check=_address)
API = Setting("reddit.api", "https://oauth.reddit.com", "Where messages are sent and read.", check=_address)
TIMEOUT = Setting("reddit.timeout", 20.0, "How long Reddit may take to answer.", unit="seconds", low=0.1, high=60)
EVERY = Setting(
    "reddit.every", 30.0, "How often it is asked for what people wrote.", unit="seconds", low=0.01, high=3600
)
PACE = Setting("reddit.pace", 0.5, "Messages at most, of all workers together.", unit="per second", low=0.01, high=10)

AGREEMENTS = (Agreement((ENABLED, CLIENT_ID, CLIENT_SECRET, NAME, PASSWORD), _whole),)

SETTINGS = (ENABLED, CLIENT_ID, CLIENT_SECRET, NAME, PASSWORD, SITE, API, TIMEOUT, EVERY, PACE)
