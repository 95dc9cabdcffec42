"""One-time tokens with which people link a chat to themselves; only marks of them are kept."""

import hashlib
from datetime import datetime
from typing import Any

from tactful.kernel import ids
from tactful.store.database import AsyncConnection

# Those that are over go with each new one of the same person; the rest with retention.
BEGIN = """
WITH over AS (DELETE FROM links WHERE person_id = %(person)s AND channel = %(channel)s)
INSERT INTO links (mark, organisation_id, person_id, channel, expires_at)
SELECT %(mark)s, organisation_id, id, %(channel)s, %(until)s FROM people WHERE id = %(person)s
"""
USE = """
WITH used AS (DELETE FROM links WHERE mark = %s AND channel = %s RETURNING person_id, expires_at)
SELECT o.name AS organisation, p.external_id AS person, p.id AS person_id
  FROM used u JOIN people p ON p.id = u.person_id JOIN organisations o ON o.id = p.organisation_id
 WHERE u.expires_at > %s
"""


async def begin(connection: AsyncConnection, person: int, channel: str, *, until: datetime) -> str:
    """A new token for a person (our number) and a channel; the one before is over. As service_role."""
    token = ids.token()
    values = {"mark": _mark(token), "person": person, "channel": channel, "until": until}
    await connection.execute(BEGIN, values)
    return token


async def use(connection: AsyncConnection, token: str, channel: str, *, now: datetime) -> dict[str, Any] | None:
    """Whose token this is (organisation, person, person_id), which it is no longer; None where it was none, or over."""
    return await (await connection.execute(USE, (_mark(token), channel, now))).fetchone()


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
