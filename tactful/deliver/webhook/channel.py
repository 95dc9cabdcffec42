"""Signed messages to an organisation's own programs, by the rules of Standard Webhooks."""

import json
from datetime import datetime

from standardwebhooks import Webhook as Signature

from tactful.deliver.webhook.request import post
from tactful.deliver.webhook.settings import PRIVATE, TIMEOUT
from tactful.kernel.errors import ChannelRefused
from tactful.kernel.ports import Channel, Promise
from tactful.kernel.records import Delivery, Receipt

# What says "not now" rather than "never": too slow, too early, too many.
NOT_NOW = (408, 425, 429)


class Webhook:
    """Posts to `Delivery.address`, signed with `Delivery.secret`. private: see `webhook.private`; timeout: [s]."""

    name = "webhook"
    promise = Promise.IDEMPOTENT
    fetched = False

    def __init__(self, *, timeout: float = TIMEOUT.default, private: bool = PRIVATE.default) -> None:
        self._timeout, self._private = timeout, private

    def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Post it. raises: ChannelRefused, for good where the endpoint says that it will never take it."""
        if delivery.address is None or delivery.secret is None:
            raise ChannelRefused("There is no endpoint to post to.", permanent=True)
        body = delivery.body if delivery.body is not None else _plain(delivery, at)
        headers = signed(delivery, body, at) | {"content-type": "application/json", "user-agent": "Tactful"}
        status = post(delivery.address, body.encode(), headers, timeout=self._timeout, private=self._private)
        return _receipt(status)


def signed(delivery: Delivery, body: str, at: datetime) -> dict[str, str]:
    """The headers that prove who sent `body`, and when."""
    key, second = delivery.key or f"intervention_{delivery.intervention_id}", at.replace(microsecond=0)
    signature = Signature(delivery.secret or "").sign(key, second, body)
    return {"webhook-id": key, "webhook-timestamp": str(int(second.timestamp())), "webhook-signature": signature}


def _plain(delivery: Delivery, at: datetime) -> str:
    said = delivery.message
    data = {"title": said.title, "message": said.body, "action": said.action}
    return json.dumps({"type": "intervention", "timestamp": at.isoformat(), "data": data})


def _receipt(status: int) -> Receipt:
    if 200 <= status < 300:
        return Receipt(reference=str(status))
    if 300 <= status < 400:
        raise ChannelRefused(f"It redirects ({status}); register the address it leads to.", permanent=True)
    if status == 410:
        raise ChannelRefused("It is gone (410).", permanent=True)
    raise ChannelRefused(f"It answered {status}.", permanent=400 <= status < 500 and status not in NOT_NOW)


CHANNEL: Channel = Webhook()
