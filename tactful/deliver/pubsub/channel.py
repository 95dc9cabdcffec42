"""Deliveries as JSON, published to whoever listens."""

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from tactful.deliver.pubsub.settings import PACE, TIMEOUT, URL
from tactful.kernel.errors import BadInput, CannotStart, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

if TYPE_CHECKING:
    from redis.asyncio import Redis

PREFIX = "outreach."
# Of one worker process.
CONNECTIONS = 8
ADDRESS = re.compile(r"[A-Za-z0-9_.-]{1,200}")


class Pubsub:
    """Publishes on `client`. pace: [1/s]."""

    name = "pubsub"
    promise = Promise.IDEMPOTENT
    can: frozenset[Can] = frozenset()
    pace: float = PACE.default

    def __init__(self, client: "Redis", *, pace: float) -> None:
        self._client = client
        self.pace = pace

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The channel as these settings have it; None where they name no server. raises: CannotStart."""
        if not settings[URL]:
            return None
        from redis.asyncio import BlockingConnectionPool, Redis
        from redis.asyncio.retry import Retry
        from redis.backoff import NoBackoff

        wait = settings[TIMEOUT]
        try:
            # Whoever waits for what is tried again must be able to count the tries.
            once = Retry(NoBackoff(), 0)
            # Whole waves come at once: they take turns at a few connections.
            pool = BlockingConnectionPool.from_url(
                settings[URL],
                max_connections=CONNECTIONS,
                timeout=wait,
                socket_timeout=wait,
                socket_connect_timeout=wait,
                retry=once,
            )
            client = Redis.from_pool(pool)
        except ValueError as error:
            raise CannotStart(
                "pubsub.url cannot be used: it is not an address of a server.", fields=[URL.name]
            ) from error
        return cls(client, pace=settings[PACE])

    def address(self, told: str) -> str:
        """What follows `outreach.` in the channel's name. raises: BadInput."""
        if not ADDRESS.fullmatch(told):
            raise BadInput("must be 1 to 200 letters of ASCII, digits, underscores, hyphens and dots")
        return told

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Publish it. raises: ChannelRefused, also where nobody listened."""
        from redis import RedisError

        if not ADDRESS.fullmatch(delivery.address or ""):
            raise ChannelRefused("There is no channel to publish on.", refusal=Refusal.GONE)
        said = json.dumps(told(delivery, at), ensure_ascii=False).encode("utf-8", "replace")
        try:
            heard: Any = await self._client.publish(f"{PREFIX}{delivery.address}", said)
        except (RedisError, OSError) as error:
            raise ChannelRefused("The server to publish on did not answer.", refusal=Refusal.RETRY) from error
        if not heard:
            raise ChannelRefused(f"Nobody listens on {PREFIX}{delivery.address}.", refusal=Refusal.RETRY)
        return Receipt(reference=str(heard))

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()


def told(delivery: Delivery, at: datetime) -> dict[str, Any]:
    """What programs read."""
    said = delivery.message
    return {
        "type": "intervention",
        "timestamp": at.isoformat(),
        "mark": delivery.mark or f"intervention-{delivery.intervention_id}",
        "title": said.title,
        "message": said.body,
        "action": said.action,
        "out": delivery.out,
        "language": delivery.language,
        "expires_at": delivery.expires_at.isoformat(),
    }
