"""Organisations: found by name, brought into being by the first valid request that names them."""

from typing import Any

from tactful.kernel import ids
from tactful.store.database import AsyncConnection

# In order of id, as whoever describes these people takes them.
MOVE = """
WITH theirs AS (SELECT id FROM people
                 WHERE organisation_id = %(organisation)s AND zone_source IN ('organisation', 'default')
                   AND zone <> %(zone)s ORDER BY id FOR NO KEY UPDATE)
UPDATE people p SET zone = %(zone)s, zone_source = 'organisation', updated_at = now() FROM theirs WHERE p.id = theirs.id
"""


async def ensure(connection: AsyncConnection, name: str) -> None:
    """Make sure that the organisation exists; as service_role."""
    known = await connection.execute("SELECT 1 FROM organisations WHERE name = %s", (name,))
    if await known.fetchone() is None:
        await connection.execute(
            "INSERT INTO organisations (name, seed) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", (name, ids.seed())
        )


async def write(connection: AsyncConnection, name: str, *, zone: str | None) -> dict[str, Any]:
    """The organisation, made if new, with its zone changed if one is given; as service_role.

    A new zone holds for people who never had one of their own.
    """
    made = await connection.execute(
        """INSERT INTO organisations AS o (name, seed, zone) VALUES (%(name)s, %(seed)s, coalesce(%(zone)s, 'UTC'))
           ON CONFLICT (name) DO UPDATE SET zone = coalesce(%(zone)s, o.zone)
           RETURNING id, name, zone, created_at""",
        {"name": name, "seed": ids.seed(), "zone": zone},
    )
    row = await made.fetchone()
    assert row is not None
    if zone is not None:
        await connection.execute(MOVE, {"organisation": row["id"], "zone": zone})
    return row
