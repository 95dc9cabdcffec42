"""Dead letters: jobs, deliveries and posts that were given up, and trying them again by hand; as service_role.

Jobs are the engine's, and know nothing of people; deliveries and posts are one organisation's.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection
from tactful.store.decided import undelivered

JOBS = """
SELECT 'job' AS kind, j.id, j.task_name AS name, '' AS whom, j.attempts,
       (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) AS at,
       'The log of the worker says why.' AS error, true AS can_again
  FROM procrastinate_jobs j WHERE j.status = 'failed'
"""
POSTS = """
SELECT 'post' AS kind, p.id, p.kind AS name, w.url AS whom, p.attempts, p.next_at AS at,
       coalesce(p.error, p.state) AS error, w.disabled_at IS NULL AS can_again
  FROM webhook_posts p JOIN webhooks w ON w.id = p.webhook_id JOIN organisations o ON o.id = p.organisation_id
 WHERE o.name = %(organisation)s AND p.state IN ('refused', 'given_up')
"""
DELIVERIES = """
SELECT 'delivery' AS kind, d.id, i.intervention_type AS name, e.external_id AS whom, d.attempts::int AS attempts,
       coalesce(d.sent_at, d.claimed_at, d.due_at) AS at, coalesce(d.error, d.state) AS error,
       d.expires_at > %(at)s AS can_again
  FROM deliveries d JOIN intervention_logs i ON i.id = d.intervention_id JOIN people e ON e.id = d.person_id
  JOIN organisations o ON o.id = d.organisation_id
 WHERE o.name = %(organisation)s AND d.state IN ('refused', 'unknown')
"""
LIST = f"""
SELECT * FROM ({JOBS} UNION ALL {POSTS} UNION ALL {DELIVERIES}) dead
 ORDER BY at DESC NULLS LAST, kind, id DESC LIMIT %(limit)s
"""
AGAIN: Mapping[str, str] = {
    "job": """
SELECT procrastinate_retry_job_v2(id, %(at)s, NULL, NULL, NULL), task_name AS name
  FROM procrastinate_jobs WHERE id = %(id)s AND status = 'failed'
""",
    "post": """
UPDATE webhook_posts p SET state = 'due', attempts = 0, next_at = %(at)s, error = NULL
  FROM webhooks w, organisations o
 WHERE p.id = %(id)s AND w.id = p.webhook_id AND w.disabled_at IS NULL AND o.id = p.organisation_id
   AND o.name = %(organisation)s AND p.state IN ('refused', 'given_up') RETURNING p.kind AS name
""",
    "delivery": """
SELECT channel AS name FROM deliveries WHERE id = %(id)s
""",
}


async def dead(connection: AsyncConnection, organisation: str, *, at: datetime, limit: int) -> list[dict[str, Any]]:
    """What was given up, latest first: kind, id, name, whom, attempts, at, error, can_again."""
    found = await connection.execute(LIST, {"organisation": organisation, "at": at, "limit": limit})
    return await found.fetchall()


async def again(connection: AsyncConnection, organisation: str, kind: str, id: int, *, at: datetime) -> str | None:
    """Try one again as soon as this is committed; what it is called, or None where there is none (any more)."""
    if kind == "delivery" and not await _delivered_again(connection, organisation, id, at):
        return None
    found = await connection.execute(AGAIN[kind], {"organisation": organisation, "id": id, "at": at})
    row = await found.fetchone()
    return None if row is None else str(row["name"])


async def _delivered_again(connection: AsyncConnection, organisation: str, id: int, at: datetime) -> bool:
    """As all that did not get through: with a new mark, and only where its intervention can still be sent."""
    held = await undelivered.hold(connection, organisation, [id])
    return bool(held) and bool(await undelivered.again(connection, [id], at=at))
