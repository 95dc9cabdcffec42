"""The list that people's own pages ask for."""

from datetime import datetime

from tactful.kernel.ports import Channel, Promise
from tactful.kernel.records import IN_APP, Delivery, Receipt


class InApp:
    """Hands over by being read: who asks for the list finds the delivery in it."""

    name = IN_APP
    promise = Promise.IDEMPOTENT
    fetched = True

    def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """The receipt of a delivery that whoever asked for the list is about to read.

        There is nothing to carry: its words are stored with the receipt, and the list reads them there.

        >>> from datetime import UTC
        >>> from tactful.kernel.records import Message
        >>> at = datetime(2026, 3, 4, 18, tzinfo=UTC)
        >>> InApp().send(Delivery(7, "in_app", None, Message("Hello", "You are back.", "/"), at), at)
        Receipt(reference='7')
        """
        return Receipt(reference=str(delivery.intervention_id))


CHANNEL: Channel = InApp()
