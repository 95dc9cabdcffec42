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
