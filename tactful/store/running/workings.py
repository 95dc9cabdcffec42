"""How the engine is doing in detail: jobs by task, ticks, what takes room; as service_role. Nothing about people."""

from typing import Any

from tactful.store.database import AsyncConnection

JOBS = """
SELECT task_name AS name, count(*) FILTER (WHERE status = 'todo') AS waiting,
       count(*) FILTER (WHERE status = 'doing') AS running, count(*) FILTER (WHERE status = 'failed') AS failed
  FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY task_name ORDER BY task_name
"""
# The latest first; requests of single people are not among them.
TICKS = """
SELECT id, at, scope, policy, started_at, finished_at, abandoned_at,
       extract(epoch FROM finished_at - started_at)::float AS seconds
  FROM ticks WHERE scope NOT IN ('ask', 'help', 'live') ORDER BY id DESC LIMIT %s
"""
# Of partitioned tables, with all their partitions. Rows as last counted: counting them now would take long.
TABLES = """
SELECT coalesce(pg_partition_root(c.oid), c.oid)::regclass::text AS name,
       sum(pg_total_relation_size(c.oid))::bigint AS bytes, sum(greatest(c.reltuples, 0))::bigint AS rows
  FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
 GROUP BY 1 ORDER BY 2 DESC LIMIT %s
"""
LISTENERS = "SELECT count(*) AS listeners FROM live_holders WHERE until > clock_timestamp()"


async def jobs(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Jobs that wait, run or failed, by task."""
    return await (await connection.execute(JOBS)).fetchall()


async def ticks(connection: AsyncConnection, *, limit: int) -> list[dict[str, Any]]:
    """The last ticks and how long each took [s]."""
    return await (await connection.execute(TICKS, (limit,))).fetchall()


async def tables(connection: AsyncConnection, *, limit: int) -> list[dict[str, Any]]:
    """The tables that take most room [bytes], with about how many rows they have."""
    return await (await connection.execute(TABLES, (limit,))).fetchall()


async def listeners(connection: AsyncConnection) -> int:
    """How many processes listen to live sessions now."""
    row = await (await connection.execute(LISTENERS)).fetchone()
    return int(row["listeners"]) if row else 0
