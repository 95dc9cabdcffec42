"""Deliveries that did not get through, as an organisation's operators see them; and sending them again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

LISTED = """
SELECT d.id, p.external_id AS user_id, d.channel, d.state, d.refusal, d.error, d.attempts, d.claimed_at AS tried_at,
       d.expires_at, d.intervention_id, i.intervention_type, i.title
  FROM deliveries d JOIN intervention_logs i ON i.id = d.intervention_id JOIN people p ON p.id = d.person_id
 WHERE d.state IN ('refused', 'unknown') AND (%(before)s::bigint IS NULL OR d.id < %(before)s)
   AND (%(channel)s::text IS NULL OR d.channel = %(channel)s)
 ORDER BY d.id DESC LIMIT %(limit)s
"""
HOLD = """
SELECT d.id FROM intervention_logs i JOIN deliveries d ON d.intervention_id = i.id
 WHERE d.id = ANY(%s) AND d.state IN ('refused', 'unknown')
   AND d.organisation_id = (SELECT id FROM organisations WHERE name = %s)
 ORDER BY i.user_id, i.id, d.id FOR NO KEY UPDATE
"""
# A new mark: whoever took the first one must not take this for its copy. Its intervention is to be sent once more,
# through this channel, unless it was answered, withdrawn or is open under another number.
AGAIN = """
WITH back AS (
  UPDATE intervention_logs i SET state = 'planned', channel = d.channel, due_at = %(at)s
    FROM deliveries d
   WHERE d.id = ANY(%(ids)s) AND i.id = d.intervention_id AND i.expires_at > %(at)s AND i.state IN ('planned', 'shown')
     AND NOT EXISTS (SELECT FROM intervention_logs o
                      WHERE o.user_id = i.user_id AND o.intervention_type = i.intervention_type AND o.id <> i.id
                        AND o.state IN ('planned', 'deferred'))
  RETURNING i.id)
UPDATE deliveries d SET state = 'due', due_at = %(at)s, attempts = 0, mark = gen_random_uuid()
  FROM back WHERE d.intervention_id = back.id AND d.id = ANY(%(ids)s) RETURNING d.id
"""


async def listed(
    connection: AsyncConnection, *, limit: int, before: int | None, channel: str | None = None
) -> list[dict[str, Any]]:
    """Those of the identity's organisation, latest first. before: only those with a smaller number; channel: of one."""
    values = {"limit": limit, "before": before, "channel": channel}
    return await (await connection.execute(LISTED, values)).fetchall()


async def hold(connection: AsyncConnection, organisation: str, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Lock those of an organisation's deliveries that are undelivered, until the transaction ends. As service_role."""
    return await (await connection.execute(HOLD, (list(ids), organisation))).fetchall()


async def again(connection: AsyncConnection, ids: Sequence[int], *, at: datetime) -> list[int]:
    """Let these be sent again; answers those that can be. As service_role."""
    rows = await (await connection.execute(AGAIN, {"ids": list(ids), "at": at})).fetchall()
    return sorted(row["id"] for row in rows)
