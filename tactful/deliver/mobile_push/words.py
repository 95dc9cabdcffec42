"""What both providers are told of a delivery."""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256

from tactful.deliver.shortening import shortened
from tactful.kernel.errors import ChannelRefused, Refusal
from tactful.kernel.records import Delivery

# What both of them take at most of what an app is told [bytes].
MOST = 4096
LONGEST_TITLE = 200
# APNs allows 64 letters.
LONGEST_KEY = 64


def collapse_key(delivery: Delivery) -> str:
    """What a copy has in common with the first."""
    mark = delivery.mark or f"intervention-{delivery.intervention_id}"
    fits = len(mark) <= LONGEST_KEY and mark.isascii() and mark.isprintable()
    return mark if fits else urlsafe_b64encode(sha256(mark.encode()).digest()).decode()


def title(delivery: Delivery) -> str:
    """One line of reasonable length."""
    line = " ".join(delivery.message.title.replace("\0", " ").split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}\u2026"


def data(delivery: Delivery) -> dict[str, str]:
    """What the app needs beside the words: the mark answers are given under, the place it leads to, the way out."""
    said = delivery.message
    return {"mark": delivery.mark, "action": said.action, "out": delivery.out, "language": delivery.language}


def fitted(delivery: Delivery, written: Callable[[str], bytes], most: int = MOST) -> bytes:
    """What `written` makes of as much of the words as there is room for. raises: ChannelRefused."""
    body = shortened(delivery.message.body, lambda told: len(written(told)) - most)
    if body is None:
        raise ChannelRefused("Its addresses are too long for a notification.", refusal=Refusal.INVALID)
    return written(body)
