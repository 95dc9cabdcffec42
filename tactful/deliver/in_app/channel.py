"""The list that people's own pages ask for."""

from datetime import datetime

from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import IN_APP, Delivery, Receipt


class InApp:
    """Hands over by being read: who asks for the list finds the delivery in it."""

    name = IN_APP
    promise = Promise.IDEMPOTENT
    can = frozenset({Can.BUTTONS})

    def hand_over(self, delivery: Delivery, at: datetime) -> Receipt:
        """The receipt of a delivery that whoever asked for the list is about to read.

        There is nothing to carry: its words are stored with the receipt, and the list reads them there.

        >>> from datetime import UTC
        >>> from tactful.kernel.records import Message
        >>> at = datetime(2026, 3, 4, 18, tzinfo=UTC)
        >>> InApp().hand_over(Delivery(7, "in_app", None, Message("Hello", "You are back.", "/"), at), at)
        Receipt(reference='7')
        """
        return Receipt(reference=str(delivery.intervention_id))
