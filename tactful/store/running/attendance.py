"""Which process holds whom of which live session, in Valkey: so that nobody is said to have left who is still connected
to another one, and so that those whose process died are.

Every process keeps a set of its own and says every few seconds that it is there. One that has not for a while is
taken over by whoever notices first: once.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec.json import decode, encode

from tactful.store.running.limits import AWAY

# A process that was not heard of for so long is gone [s].
SILENCE = 15.0
PATIENCE = 2.0
HUBS = "tactful:hubs"
HELD = "tactful:hub:"

# An organisation, its live session and a participant, by their own names.
Member = tuple[str, str, str]


class Attendance:
    """Of one process. name: its own, unlike all others. While Valkey is away each knows its own people only."""

    def __init__(self, valkey: Any, name: str) -> None:
        self._valkey = valkey
        self._name = name

    async def beat(self, now: float) -> bool:
        """Say that this process is there (now: epoch seconds). Answers whether others knew it until now."""
        done = await self._asked([("zadd", HUBS, {self._name: now})])
        return done is None or not done[0]

    async def came(self, members: Sequence[Member]) -> None:
        """These are connected here now."""
        if members:
            await self._asked([("sadd", self._held(self._name), *map(encode, members))])

    async def went(self, members: Sequence[Member], now: float) -> list[Member]:
        """These are not any more: which of them are connected nowhere else either."""
        if not members:
            return []
        await self._asked([("srem", self._held(self._name), *map(encode, members))])
        return await self._nowhere(members, now)

    async def orphans(self, now: float) -> list[Member]:
        """Those who were connected to processes that are gone, and are connected nowhere else; each told once."""
        gone = await self._asked([("zrangebyscore", HUBS, "-inf", now - SILENCE)])
        held: set[bytes] = set()
        for name in (each.decode() for each in (gone[0] if gone else ()) if each.decode() != self._name):
            if (await self._asked([("zrem", HUBS, name)]) or [0])[0]:
                found = await self._asked([("smembers", self._held(name)), ("delete", self._held(name))])
                held |= set(found[0]) if found else set()
        return await self._nowhere([decode(each, type=Member) for each in sorted(held)], now)

    async def _nowhere(self, members: Sequence[Member], now: float) -> list[Member]:
        names = await self._asked([("zrangebyscore", HUBS, now - SILENCE, "+inf")]) if members else None
        others = [name.decode() for name in (names[0] if names else ())]
        if not others:
            return list(members)
        asked = [("smismember", self._held(name), list(map(encode, members))) for name in others]
        found = await self._asked(asked)
        return [each for place, each in enumerate(members) if not found or not any(row[place] for row in found)]

    async def _asked(self, commands: Sequence[tuple[Any, ...]]) -> list[Any] | None:
        """What Valkey answers to these, in one round trip; None while it is away."""
        try:
            async with asyncio.timeout(PATIENCE), self._valkey.pipeline(transaction=False) as pipeline:
                for name, *arguments in commands:
                    getattr(pipeline, name)(*arguments)
                return list(await pipeline.execute())
        except AWAY:
            return None

    def _held(self, name: str) -> str:
        return f"{HELD}{name}"
