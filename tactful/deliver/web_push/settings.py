"""Settings of web push."""

import re

from tactful.kernel.settings import Agreement, Setting

LEAST = 32


def _key(told: str) -> str | None:
    fits = not told or (len(told) >= LEAST and told.isascii() and told.isprintable())
    return None if fits else f"is shorter than {LEAST} letters, or has others than those of ASCII"


def _contact(told: str) -> str | None:
    fits = re.fullmatch(r"(mailto:[^\s@<>]+@[^\s@<>]+|https://[^\s<>]+)?", told)
    return None if fits else "is not an address like mailto:push@example.org or https://example.org"


def _complete(key: str, contact: str) -> str | None:
    return "do not fit: push services want a contact from whoever has a key" if key and not contact else None


KEY = Setting(
    "web_push.key",
    "",
    "The VAPID private key as it is usually written (43 letters), or any secret of at least 32 letters from which "
    "one is made. Browsers remember it: whoever changes it loses all subscriptions. In the environment alone.",
    secret=True,
    never_in_file=True,
    check=_key,
)
CONTACT = Setting(
    "web_push.contact",
    "",
    "Where push services reach you: `mailto:` and an address, or `https:`. Empty: no web push.",
    check=_contact,
)
PRIVATE = Setting(
    "web_push.private", False, "Whether push services may be inside, and plain http; for trying things out."
)
TIMEOUT = Setting(
    "web_push.timeout", 10.0, "How long a push service may take to answer.", unit="seconds", low=0.1, high=60
)
PACE = Setting(
    "web_push.pace", 100.0, "Notifications at most, of all workers together.", unit="per second", low=0.01, high=10_000
)

AGREEMENTS = (Agreement((KEY, CONTACT), _complete),)
SETTINGS = (KEY, CONTACT, PRIVATE, TIMEOUT, PACE)
