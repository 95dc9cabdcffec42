"""Figures that tell whether the engine runs: last tick, queue, failures, size. Nothing about people: strangers ask."""

from typing import Any

from tactful.store.database import AsyncConnection

QUERY = """
SELECT version() AS postgresql,
       (SELECT version_num FROM alembic_version) AS migration,
       (SELECT count(*) FROM deliveries WHERE state = 'due') AS deliveries_due,
       (SELECT count(*) FROM deliveries WHERE state IN ('refused', 'unknown')) AS deliveries_doubtful,
       j.waiting AS jobs_waiting, j.running AS jobs_running, j.failed AS jobs_failed,
       (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)) AS workers,
       (SELECT max(last_heartbeat) FROM procrastinate_workers) AS worker_heard_at,
       pg_database_size(current_database()) AS database_bytes
  FROM (SELECT count(*) FILTER (WHERE status = 'todo') AS waiting, count(*) FILTER (WHERE status = 'doing') AS running,
               count(*) FILTER (WHERE status = 'failed') AS failed FROM procrastinate_jobs) j
"""

LAST_TICK = """
SELECT at, scope, policy, started_at, finished_at FROM ticks
 WHERE scope NOT IN ('ask','help','live') ORDER BY id DESC LIMIT 1
"""

# By the index of ticks over time; requests of single people are not in it.
LAST_DAY = """
SELECT count(*) AS ticks, count(*) FILTER (WHERE finished_at IS NULL) AS unfinished,
       extract(epoch FROM max(finished_at - started_at))::float AS longest_seconds
  FROM ticks WHERE scope NOT IN ('ask','help','live') AND at > now() - interval '1 day'
"""


async def figures(connection: AsyncConnection, *, silence: float) -> dict[str, Any]:
    """Everything the status page shows, in three queries; as service_role.

    silence: how long a worker may not be heard of before it counts as gone [s].
    """
    row = await (await connection.execute(QUERY, (silence,))).fetchone()
    last = await (await connection.execute(LAST_TICK)).fetchone()
    day = await (await connection.execute(LAST_DAY)).fetchone()
    return {**(row or {}), "last_tick": last, "last_day": day}
