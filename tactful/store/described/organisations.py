"""Organisations: found by name, brought into being by the first valid request that names them."""

from datetime import datetime
from typing import Any

from tactful.kernel import ids
from tactful.kernel.errors import NotFound
from tactful.store.database import AsyncConnection, Connection
from tactful.store.decided.schedule import CHANGED

# In order of id, as whoever describes these people takes them. Their windows have moved with them: they are due.
MOVE = f"""
WITH theirs AS (SELECT id FROM people
                 WHERE organisation_id = %(organisation)s AND zone_source IN ('organisation', 'default')
                   AND zone <> %(zone)s ORDER BY id FOR NO KEY UPDATE),
moved AS (UPDATE people p SET zone = %(zone)s, zone_source = 'organisation', updated_at = %(now)s
            FROM theirs WHERE p.id = theirs.id),
woken AS (SELECT w.person_id FROM person_state w JOIN theirs ON theirs.id = w.person_id
           ORDER BY w.person_id FOR NO KEY UPDATE OF w)
UPDATE person_state s SET next_due_at = least(s.next_due_at, %(now)s), changed_at = {CHANGED.format("%(now)s")}
  FROM woken WHERE s.person_id = woken.person_id
"""


async def ensure(connection: AsyncConnection, name: str) -> None:
    """Make sure that the organisation exists; as service_role."""
    known = await connection.execute("SELECT 1 FROM organisations WHERE name = %s", (name,))
    if await known.fetchone() is None:
        await connection.execute(
            "INSERT INTO organisations (name, seed) VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", (name, ids.seed())
        )


def names(connection: Connection) -> dict[int | None, str]:
    """The names of all organisations by their id; as service_role."""
    return {row["id"]: row["name"] for row in connection.execute("SELECT id, name FROM organisations")}


async def known(connection: AsyncConnection) -> bool:
    """Whether there is an organisation of the identity's name."""
    row = await (await connection.execute("SELECT current_organisation() IS NOT NULL AS known")).fetchone()
    return row is not None and bool(row["known"])


async def number(connection: AsyncConnection, name: str) -> int:
    """The id of an organisation; as service_role. raises: NotFound."""
    found = await connection.execute("SELECT id FROM organisations WHERE name = %s", (name,))
    row = await found.fetchone()
    if row is None:
        told = f"There is no organisation {name} yet; its first import or request brings it into being."
        raise NotFound(told, fields=["organisation"])
    return int(row["id"])


async def write(connection: AsyncConnection, name: str, *, zone: str | None, now: datetime) -> dict[str, Any]:
    """The organisation, made if new, with its zone changed if one is given; as service_role.

    A new zone holds for people who never had one of their own; the next tick looks at them.
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
        await connection.execute(MOVE, {"organisation": row["id"], "zone": zone, "now": now})
    return row
