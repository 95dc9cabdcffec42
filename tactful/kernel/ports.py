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


class Can(StrEnum):
    """What a channel can do beside carrying words.

    BUTTONS: answers can be given within the message. HEARS: people can write back.
    """

    BUTTONS = "buttons"
    HEARS = "hears"


class Channel(Protocol):
    """A way to reach a person. name: what interventions, preferences and pauses call it; also its folder."""

    name: str
    promise: Promise
    can: frozenset[Can]


class Fetched(Channel, Protocol):
    """A channel whose deliveries wait until the person's own page asks for them."""

    def hand_over(self, delivery: Delivery, at: datetime) -> Receipt:
        """The receipt of what whoever asks is about to read. Carries nothing, so it cannot fail."""
        ...


class Pushed(Channel, Protocol):
    """A channel that carries deliveries to people; many at the same time, on one event loop.

    pace: how many the other side takes, of all workers together [1/s]; inf for any number
    """

    pace: float

    def address(self, told: str) -> str:
        """An address as it is kept. raises: BadInput, the end of a sentence that begins with the field's name."""
        ...

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Carry one delivery at `at`, with its way out.

        raises: ChannelRefused where the other side did not take it. Anything else leaves open whether it did.
        """
        ...

    async def close(self) -> None:
        """Hang up."""
        ...
