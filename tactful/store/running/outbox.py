"""What is to be published: written with what it tells of, told through Valkey afterwards, each once.

A channel is a publication and, under the same name, a stream from which somebody who was away catches up. Publishing
asks Valkey first whether this entry was published before, in one step with publishing it, so that two processes that
clear the outbox at once tell nothing twice, and a process that dies in between leaves it to the next.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import redis.asyncio

from tactful.store.database import AsyncConnection, Connection

# Rooms are told as it happens; nobody catches up on them from a stream.
ROOM = "room:"
# Entries a stream keeps, about.
KEPT = 100_000
# How long an entry counts as published [s].
REMEMBERED = 86_400
MOST = 500

# KEYS: the mark, the channel. ARGV: the message, entries kept (0: no stream), seconds remembered, the number.
PUBLISH = """
if redis.call('SET', KEYS[1], '1', 'NX', 'EX', ARGV[3]) then
  if tonumber(ARGV[2]) > 0 then
    redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', 'id', ARGV[4], 'message', ARGV[1])
  end
  redis.call('PUBLISH', KEYS[2], ARGV[1])
  return 1
end
return 0
"""
# Valkey's own: it draws another whenever it starts.
LIFE = "run_id"
# Whoever stands still while holding entries is cut off, so that another publishes them [ms].
STANDING = "SELECT set_config('idle_in_transaction_session_timeout', '5000', true)"
AGAIN = """
UPDATE outbox SET published_at = NULL WHERE published_at > clock_timestamp() - make_interval(secs => %s)
"""
WAITING = """
SELECT id, mark, channel, body FROM outbox WHERE published_at IS NULL ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
"""
DONE = "UPDATE outbox SET published_at = clock_timestamp() WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be published. mark: what it is remembered by."""

    id: int
    mark: UUID
    channel: str
    body: Any


async def publish(valkey: redis.asyncio.Redis, entries: Iterable[Entry]) -> list[bool]:
    """Tell entries in order, all in one go; False for each that had been told before. raises: redis.RedisError."""
    pipeline = valkey.pipeline(transaction=False)
    for entry in entries:
        kept = 0 if entry.channel.startswith(ROOM) else KEPT
        message = json.dumps(entry.body, separators=(",", ":"))
        keys = (f"tactful:published:{entry.mark}", entry.channel)
        pipeline.eval(PUBLISH, len(keys), *keys, message, kept, REMEMBERED, entry.id)
    return [bool(told) for told in await pipeline.execute()]


async def clear(connection: AsyncConnection, valkey: redis.asyncio.Redis) -> int:
    """Publish what waits, in order, and say so; the caller commits. Answers how many there were.

    raises: redis.RedisError; what was told until then is told once all the same.
    """
    await connection.execute(STANDING)
    rows = await (await connection.execute(WAITING, (MOST,))).fetchall()
    await publish(valkey, (Entry(**row) for row in rows))
    await done(connection, [row["id"] for row in rows])
    return len(rows)


async def life(valkey: redis.asyncio.Redis) -> str:
    """What tells this life of Valkey's from the ones before. raises: redis.RedisError."""
    told: Any = await valkey.info("server")
    return str(told[LIFE])


async def again(connection: AsyncConnection, *, seconds: float) -> None:
    """Have everything published anew that was published so lately; what Valkey still remembers is not told twice."""
    await connection.execute(AGAIN, (seconds,))


async def done(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """Say that these were told."""
    if numbers:
        await connection.execute(DONE, (list(numbers),))


def told(connection: Connection, numbers: Sequence[int]) -> None:
    """The same, on a connection that is not awaited."""
    if numbers:
        connection.execute(DONE, (list(numbers),))
