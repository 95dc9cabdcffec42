"""The audit log: who did what to the engine."""

from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import AsyncConnection, Connection

WRITE = """
INSERT INTO audit_log (organisation_id, actor, act, detail)
VALUES (coalesce((SELECT id FROM organisations WHERE name = %s), current_organisation()), %s, %s, %s)
"""

FILTERS = {
    "act": "act = %(act)s",
    "actor": "strpos(lower(actor), lower(%(actor)s)) > 0",
    "before": "id < %(before)s",
}
# From one to the next by the index, for there are few kinds and there may be a million acts.
ACTS = """
WITH RECURSIVE found AS (
  SELECT (SELECT min(act) FROM audit_log WHERE organisation_id = current_organisation()) AS act
   UNION ALL
  SELECT (SELECT min(a.act) FROM audit_log a WHERE a.organisation_id = current_organisation() AND a.act > f.act)
    FROM found f WHERE f.act IS NOT NULL)
SELECT act FROM found WHERE act IS NOT NULL
"""


async def write(
    connection: AsyncConnection, *, actor: str, act: str, detail: dict[str, Any], organisation: str | None = None
) -> None:
    """Note an act in the transaction that does it. organisation: by default the identity's."""
    await connection.execute(WRITE, (organisation, actor, act, Jsonb(detail)))


def note(connection: Connection, organisation: str, *, actor: str, act: str, detail: dict[str, Any]) -> None:
    """The same from a batch; as service_role."""
    connection.execute(WRITE, (organisation, actor, act, Jsonb(detail)))


async def read(
    connection: AsyncConnection,
    *,
    act: str = "",
    actor: str = "",
    before: int | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """What was done in the identity's organisation, newest first: id, at, actor, act, detail.

    act: only this one; actor: only those who have this in their name; before: only what is older than this id.
    """
    filters = [text for name, text in FILTERS.items() if {"act": act, "actor": actor, "before": before}[name]]
    found = await connection.execute(
        f"SELECT id, at, actor, act, detail FROM audit_log WHERE {' AND '.join(['true', *filters])} "
        "ORDER BY id DESC LIMIT %(limit)s".encode(),
        {"act": act, "actor": actor, "before": before, "limit": limit},
    )
    return await found.fetchall()


async def acts(connection: AsyncConnection) -> list[str]:
    """Every kind of act there is in the identity's organisation."""
    return [row["act"] for row in await (await connection.execute(ACTS)).fetchall()]
