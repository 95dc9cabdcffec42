"""Chats: what was heard there already, what somebody was told last, and chats that shut us out."""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import AsyncConnection
from tactful.store.running.limits import AWAY

# Channels tell nothing again after that; and after a week without anybody Telegram counts anew, from anywhere.
KEPT = timedelta(days=3)
TAKE = """
INSERT INTO chat_heard (channel, account, key, place, heard_at) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING key
"""
KNOWN = "SELECT FROM chat_heard WHERE channel = %s AND account = %s AND key = %s"
PLACE = "SELECT max(place) AS place FROM chat_heard WHERE channel = %s AND account = %s AND heard_at > %s"
# As the person: row security shows only their own.
LAST = """
SELECT id, title, message, shown_at FROM intervention_logs
 WHERE user_id = (SELECT current_person()) AND shown_at IS NOT NULL ORDER BY shown_at DESC, id DESC LIMIT 1
"""
THEIRS = "channel = %(channel)s AND left(address, 255) = left(%(address)s, 255) AND address = %(address)s"
OUT = f"""
UPDATE addresses SET disabled_at = %(at)s, disabled_because = 'blocked' WHERE {THEIRS} AND disabled_at IS NULL
"""
IN = f"""
UPDATE addresses SET disabled_at = NULL, disabled_because = NULL WHERE {THEIRS} AND disabled_because = 'blocked'
"""
# How long somebody nobody knows is not answered again [s].
DAY = 86_400


async def known(connection: AsyncConnection, channel: str, account: str, key: str) -> bool:
    """Whether this was taken already."""
    return await (await connection.execute(KNOWN, (channel, account, key))).fetchone() is not None


async def take(
    connection: AsyncConnection, whence: tuple[str, str], key: str, place: int | None, *, at: datetime
) -> bool:
    """Note that this was taken; false where somebody else has. whence: channel and account."""
    return await (await connection.execute(TAKE, (*whence, key, place, at))).fetchone() is not None


async def place(connection: AsyncConnection, channel: str, account: str, *, at: datetime) -> int | None:
    """Behind which place to go on; None for wherever it begins."""
    row = await (await connection.execute(PLACE, (channel, account, at - KEPT))).fetchone()
    return row["place"] if row else None


async def told_last(connection: AsyncConnection) -> dict[str, Any] | None:
    """What the identity's person was told last: id, title, message, shown_at."""
    return await (await connection.execute(LAST)).fetchone()


async def let_in(connection: AsyncConnection, channel: str, address: str, *, ours: bool, at: datetime) -> None:
    """Send nothing to this chat any more, or (ours) again where it had shut us out. As service_role."""
    await connection.execute(IN if ours else OUT, {"channel": channel, "address": address, "at": at})


async def first_today(valkey: Any, channel: str, address: str, *, secret: str) -> bool:
    """Whether nobody was answered at this address within a day; from now on somebody was. False where nobody can tell.

    Kept for that day under a mark that only whoever knows the secret could make, and nothing else of them.
    """
    mark = hashlib.blake2b(f"{channel} {address}".encode(), key=secret.encode()[:64], digest_size=16).hexdigest()
    try:
        return bool(await valkey.set(f"tactful:stranger:{mark}", b"", nx=True, ex=DAY))
    except AWAY:
        return False
