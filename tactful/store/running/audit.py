"""The audit log: who did what to the engine."""

from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import AsyncConnection, Connection

WRITE = """
INSERT INTO audit_log (organisation_id, actor, act, detail)
VALUES (coalesce((SELECT id FROM organisations WHERE name = %s), current_organisation()), %s, %s, %s)
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
    found = await connection.execute(
        """SELECT id, at, actor, act, detail FROM audit_log
            WHERE (%(act)s = '' OR act = %(act)s) AND (%(actor)s = '' OR strpos(lower(actor), lower(%(actor)s)) > 0)
              AND (%(before)s::bigint IS NULL OR id < %(before)s)
            ORDER BY id DESC LIMIT %(limit)s""",
        {"act": act, "actor": actor, "before": before, "limit": limit},
    )
    return await found.fetchall()


async def acts(connection: AsyncConnection) -> list[str]:
    """Every kind of act there is in the identity's organisation."""
    found = await connection.execute("SELECT DISTINCT act FROM audit_log ORDER BY act")
    return [row["act"] for row in await found.fetchall()]
