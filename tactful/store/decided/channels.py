"""How channels outside the product do, for an organisation's operators: what went, what did not, what waits."""

from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

LATELY = """
SELECT channel, count(*) FILTER (WHERE state = 'sent') AS sent,
       count(*) FILTER (WHERE state IN ('refused', 'unknown')) AS undelivered, max(sent_at) AS last_sent_at,
       max(claimed_at) FILTER (WHERE error IS NOT NULL) AS last_error_at,
       (array_agg(error ORDER BY claimed_at DESC) FILTER (WHERE error IS NOT NULL))[1] AS last_error
  FROM deliveries WHERE channel <> 'in_app' AND claimed_at > %s GROUP BY channel
"""
WAITING = """
SELECT channel, count(*) AS waiting, count(*) FILTER (WHERE refusal = 'retry') AS again
  FROM deliveries WHERE channel <> 'in_app' AND state IN ('due', 'sending') GROUP BY channel
"""
NOTHING: dict[str, Any] = {
    "sent": 0, "undelivered": 0, "waiting": 0, "again": 0, "last_sent_at": None, "last_error_at": None,
    "last_error": None,
}  # fmt: skip


async def lately(connection: AsyncConnection, *, since: datetime) -> dict[str, dict[str, Any]]:
    """By channel, of the identity's organisation, since an instant: sent, undelivered, last_sent_at, last_error and
    last_error_at; and now: waiting, and again: how many of these were tried in vain before.
    """
    found: dict[str, dict[str, Any]] = {}
    for asked in (await connection.execute(LATELY, (since,)), await connection.execute(WAITING)):
        for row in await asked.fetchall():
            found[row["channel"]] = NOTHING | found.get(row["channel"], {}) | row
    return found
