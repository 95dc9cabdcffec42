"""Alerts as educators and operators read and close them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

COLUMNS = """a.id, a.educator_id, a.person_id, a.group_id, a.risk_score, a.risk_factors, a.facts, a.state, a.raised_at,
       a.told_at, a.closed_at, a.closed_by, a.closed_because"""

PAGE = f"""
SELECT {COLUMNS} FROM educator_alerts a
 WHERE a.state = ANY(%(states)s) AND a.id < %(after)s AND (%(educator)s::bigint IS NULL OR a.educator_id = %(educator)s)
 ORDER BY a.id DESC LIMIT %(limit)s
"""
HELD = """
SELECT count(*) AS held FROM educator_alerts a
 WHERE a.state = 'held' AND (%(educator)s::bigint IS NULL OR a.educator_id = %(educator)s)
"""
# What row security keeps from an educator, who may see no other person's row: only of those in their own alerts.
NAMES = """
SELECT a.id, e.external_id AS educator, p.external_id, p.name, g.external_id AS group_external_id, g.name AS group_name
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id JOIN people p ON p.id = a.person_id
  LEFT JOIN groups g ON g.id = a.group_id
 WHERE a.id = ANY(%s)
"""
MINE = """
 FROM organisations o
WHERE o.name = %(organisation)s AND a.organisation_id = o.id AND a.id = %(id)s
  AND (%(educator)s::text IS NULL OR a.educator_id = (SELECT p.id FROM people p WHERE p.organisation_id = o.id
                                                        AND p.external_id = %(educator)s))
"""
CLOSE = f"""
UPDATE educator_alerts a SET state = 'closed', closed_at = %(at)s, closed_by = %(actor)s, closed_because = %(because)s
{MINE} AND a.state <> 'closed' RETURNING {COLUMNS}
"""
STANDS = f"SELECT {COLUMNS} FROM educator_alerts a, LATERAL (SELECT 1 {MINE}) mine"


async def page(
    connection: AsyncConnection, *, states: Sequence[str], limit: int, after: int, educator: int | None
) -> tuple[list[dict[str, Any]], int]:
    """Alerts that the identity may see, newest first, and how many of theirs are held.

    after: below this number only; educator: this one's alone, by our own number.
    """
    asked = {"states": list(states), "limit": limit, "after": after, "educator": educator}
    rows = await (await connection.execute(PAGE, asked)).fetchall()
    held = await (await connection.execute(HELD, asked)).fetchone()
    return rows, int(held["held"]) if held else 0


async def named(connection: AsyncConnection, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """These alerts with the names of people and groups; as service_role."""
    found = await (await connection.execute(NAMES, ([row["id"] for row in rows],))).fetchall()
    names = {row["id"]: row for row in found}
    # Somebody may just have been erased.
    return [{**row, **names[row["id"]]} for row in rows if row["id"] in names]


async def close(
    connection: AsyncConnection, organisation: str, alert: int, *, educator: str | None, at: datetime, actor: str,
    because: str,
) -> tuple[dict[str, Any] | None, bool]:  # fmt: skip
    """Close an alert; as service_role. Answers it as it stands, None for none of theirs, and whether it closed now.

    educator: by the product's own id, where only theirs may be closed. One that was closed stays as it was.
    """
    values = {"organisation": organisation, "id": alert, "educator": educator}
    acted = {"at": at, "actor": actor, "because": because}
    row = await (await connection.execute(CLOSE, {**values, **acted})).fetchone()
    if row is not None:
        return row, True
    return await (await connection.execute(STANDS, values)).fetchone(), False
