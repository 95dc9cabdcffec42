"""What verbs ask of the world, by purpose."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tactful.kernel.records import Delivery, Receipt


class Promise(StrEnum):
    """What a channel can promise when it is cut off between sending and the receipt.

    IDEMPOTENT: the same delivery again is still one, so it is simply sent again.
    AT_MOST_ONCE: the other side cannot tell a copy, so it is in doubt and sent again only by hand.
    """

    IDEMPOTENT = "idempotent"
    AT_MOST_ONCE = "at_most_once"


class Channel(Protocol):
    """A way to reach a person.

    name: what interventions, preferences and pauses call it; also its folder
    fetched: true where a delivery waits until the person's own page asks for it; false where it is pushed
    """

    name: str
    promise: Promise
    fetched: bool

    def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Hand over one delivery at `at`. May wait for the other side, so never called on an event loop.

        raises: ChannelRefused, saying whether for good.
        """
        ...
