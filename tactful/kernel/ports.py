"""What verbs ask of the world, by purpose. `bootstrap` decides who answers."""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tactful.kernel.records import Delivery, Receipt


class Promise(StrEnum):
    """What a channel can promise when a send is cut off before its receipt is stored."""

    IDEMPOTENT = "idempotent"
    AT_MOST_ONCE = "at_most_once"


class Channel(Protocol):
    """A way to reach a person."""

    name: str
    promise: Promise

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Hand over one delivery. raises: ChannelRefused, saying whether for good."""
        ...
