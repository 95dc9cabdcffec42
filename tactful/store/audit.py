"""The audit log: who did what to the engine."""

from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import AsyncConnection


async def write(connection: AsyncConnection, *, actor: str, act: str, detail: dict[str, Any]) -> None:
    """Note an act in the identity's organisation, in the transaction that does it."""
    await connection.execute(
        "INSERT INTO audit_log (organisation_id, actor, act, detail) VALUES (current_organisation(), %s, %s, %s)",
        (actor, act, Jsonb(detail)),
    )
