"""What live rooms share over all processes, in Valkey: messages to them, and tickets into them.

A message is published on the channel `room:NUMBER` of its live session and kept by nobody: whoever listens reads what
stands from the database once a second, so one that is lost comes late, not never.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from itertools import islice
from typing import Any

import msgspec

from tactful.kernel import ids
from tactful.kernel.errors import NotReady
from tactful.store.running.limits import AWAY

# Longer than this nobody waits for Valkey to take a message [s].
PATIENCE = 0.5
CHANNEL = "room:"
TICKET = "tactful:ticket:"

# KEYS: channels. ARGV: a message for each. One command for many rooms, instead of one for each of them.
TELL = "for n, channel in ipairs(KEYS) do redis.call('PUBLISH', channel, ARGV[n]) end"
# Rooms told at a time; Valkey does nothing else meanwhile.
MOST = 500

# To everybody in the room, to those who run it, or to {"participant": ID}.
AUDIENCE, ORGANISERS = "audience", "organisers"


def body(type: str, data: Any, *, to: Any = AUDIENCE) -> bytes:
    """A message as it is published.

    >>> body("notification", {"title": "Soon"})
    b'{"type":"notification","to":"audience","data":{"title":"Soon"}}'
    """
    return msgspec.json.encode({"type": type, "to": to, "data": data})


async def tell_each(valkey: Any, messages: Iterable[tuple[int, bytes]]) -> None:
    """Publish a message (`body`) to each of many rooms. raises: redis.RedisError."""
    left = iter(messages)
    while some := list(islice(left, MOST)):
        channels = [f"{CHANNEL}{room}" for room, _ in some]
        await valkey.eval(TELL, len(some), *channels, *(message for _, message in some))


class Rooms:
    """Messages and tickets, by way of one Valkey."""

    def __init__(self, valkey: Any) -> None:
        self._valkey = valkey

    async def tell(self, live_session_id: int, type: str, data: Any, *, to: Any = AUDIENCE) -> bool:
        """Publish a message to a room. Answers whether Valkey took it; whoever listens finds out later if not."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._valkey.publish(f"{CHANNEL}{live_session_id}", body(type, data, to=to))
        except AWAY:
            return False
        return True

    async def grant(self, claims: dict[str, Any], *, seconds: int) -> str:
        """A ticket that stands for these claims, once and for so long. raises: NotReady while Valkey is away."""
        ticket = ids.token()
        await _or_not_ready(self._valkey.set(f"{TICKET}{ticket}", msgspec.json.encode(claims), ex=seconds))
        return ticket

    async def redeem(self, ticket: str) -> dict[str, Any] | None:
        """What a ticket stands for; None where it was used before, is over or never was. raises: NotReady."""
        found = await _or_not_ready(self._valkey.getdel(f"{TICKET}{ticket}"))
        return None if found is None else dict(msgspec.json.decode(found))


async def _or_not_ready(asking: Awaitable[Any]) -> Any:
    try:
        async with asyncio.timeout(PATIENCE):
            return await asking
    except AWAY as error:
        raise NotReady("Valkey does not answer just now; try again shortly.") from error
