"""Settings of sending what leaves the product."""

from string import Formatter
from urllib.parse import urlsplit

from tactful.kernel.settings import Setting

NAMES = {"action", "mark"}


def _web(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        fits = not url or (parts.scheme in ("http", "https") and bool(parts.hostname) and not set(url) & set(" \r\n"))
    except ValueError:
        fits = False
    return None if fits else "is not an address like https://tactful.example.org"


def _action(url: str) -> str | None:
    try:
        names = {name for _, name, *_ in Formatter().parse(url) if name is not None}
    except ValueError:
        return "has a brace too many"
    return _web(url.format(action="start", mark="x")) if names <= NAMES else "may name {action} and {mark} only"


PUBLIC_URL = Setting(
    "deliver.public_url",
    "http://127.0.0.1:8000",
    "Where Tactful is reached from outside: what stops messages leads there.",
    check=_web,
)
ACTION_URL = Setting(
    "deliver.action_url",
    "",
    "Where your product opens what a message suggests, with {action} (like start or resume) and {mark} (names the "
    "message when it is answered there) in it; empty for messages without a link.",
    check=_action,
    own=True,
)
WAVE = Setting(
    "deliver.wave", 64, "Messages that are on their way at the same time through one channel.", low=1, high=500
)
DOUBTFUL_WAVE = Setting(
    "deliver.doubtful_wave",
    16,
    "The same for channels where nobody could tell a copy: twice as many are in doubt at most when a worker dies.",
    low=1,
    high=500,
)
TRIES = Setting("deliver.tries", 12, "How often a message is tried before it is given up.", low=1, high=30)
LEASE = Setting(
    "deliver.lease", 300.0, "After how long a message that was being sent counts as cut off.", unit="seconds", low=1
)
PLACES = Setting(
    "deliver.channels_at_once", 8, "Channels through which one worker process sends at the same time.", low=1, high=64
)

SETTINGS = (PUBLIC_URL, ACTION_URL, WAVE, DOUBTFUL_WAVE, TRIES, LEASE, PLACES)
