"""Signed messages to an organisation's own programs, by the rules of Standard Webhooks."""

import asyncio
import json
import math
from datetime import datetime
from typing import Self

from standardwebhooks import Webhook as Signature

from tactful.deliver.open_web import fitting
from tactful.deliver.webhook.request import post
from tactful.deliver.webhook.settings import PRIVATE, TIMEOUT
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

# What says "not now" rather than "never": too slow, too early, too many.
NOT_NOW = (408, 425, 429)


class Webhook:
    """Posts to `Delivery.address`, signed with `Delivery.secret`. private: see `webhook.private`; timeout: [s]."""

    name = "webhook"
    promise = Promise.IDEMPOTENT
    can: frozenset[Can] = frozenset()
    # Each endpoint is somebody else's.
    pace = math.inf

    def __init__(self, *, timeout: float = TIMEOUT.default, private: bool = PRIVATE.default) -> None:
        self._timeout, self._private = timeout, private

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The channel as these settings have it."""
        return cls(timeout=settings[TIMEOUT], private=settings[PRIVATE])

    def address(self, told: str) -> str:
        """An endpoint's URL, which must not lead inside. raises: BadInput."""
        wrong = fitting(told, private=self._private)
        if wrong is not None:
            raise BadInput(wrong)
        return told

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """`post`, beside others. raises: ChannelRefused."""
        return await asyncio.to_thread(self.post, delivery, at)

    async def close(self) -> None:
        """There is nothing to hang up: each post is a connection of its own."""

    def post(self, delivery: Delivery, at: datetime) -> Receipt:
        """Post it. raises: ChannelRefused, for good where the endpoint says that it will never take it."""
        if not delivery.address or delivery.secret is None:
            raise ChannelRefused("There is no endpoint to post to.", refusal=Refusal.GONE)
        body = delivery.body if delivery.body is not None else _plain(delivery, at)
        headers = signed(delivery, body, at) | {"content-type": "application/json", "user-agent": "Tactful"}
        told = post(delivery.address, body.encode(), headers, timeout=self._timeout, private=self._private)
        return _receipt(*told)


def signed(delivery: Delivery, body: str, at: datetime) -> dict[str, str]:
    """The headers that prove who sent `body`, and when."""
    key, second = delivery.key or f"intervention_{delivery.intervention_id}", at.replace(microsecond=0)
    signature = Signature(delivery.secret or "").sign(key, second, body)
    return {"webhook-id": key, "webhook-timestamp": str(int(second.timestamp())), "webhook-signature": signature}


def _plain(delivery: Delivery, at: datetime) -> str:
    said = delivery.message
    data = {"title": said.title, "message": said.body, "action": said.action, "out": delivery.out}
    return json.dumps({"type": "intervention", "timestamp": at.isoformat(), "data": data})


def _receipt(status: int, after: float | None) -> Receipt:
    if 200 <= status < 300:
        return Receipt(reference=str(status))
    if 300 <= status < 400:
        raise ChannelRefused(f"It redirects ({status}); register the address it leads to.", refusal=Refusal.GONE)
    if status == 410:
        raise ChannelRefused("It is gone (410).", refusal=Refusal.GONE)
    never = 400 <= status < 500 and status not in NOT_NOW
    if never:
        raise ChannelRefused(f"It answered {status}.", refusal=Refusal.INVALID)
    raise ChannelRefused(f"It answered {status}.", refusal=Refusal.RETRY, after=after)
