"""Pauses and shadow mode: what must not be decided, or decided but not sent, right now."""

from typing import Any

from tactful.store.database import AsyncConnection


async def pause(
    connection: AsyncConnection, *, scope: str, name: str, mode: str, reason: str, actor: str
) -> dict[str, Any]:
    """Start a pause in the identity's organisation; pausing twice is one pause."""
    made = await connection.execute(
        """INSERT INTO pauses (organisation_id, scope, name, mode, reason, actor)
           VALUES (current_organisation(), %s, %s, %s, %s, %s)
           ON CONFLICT (organisation_id, scope, name, mode) DO UPDATE SET reason = excluded.reason
           RETURNING id, scope, name, mode, reason, actor, since""",
        (scope, name, mode, reason, actor),
    )
    row = await made.fetchone()
    assert row is not None
    return row


async def resume(connection: AsyncConnection, *, scope: str, name: str, mode: str) -> bool:
    """End a pause; False when there was none."""
    gone = await connection.execute(
        """DELETE FROM pauses WHERE organisation_id = current_organisation()
            AND scope = %s AND name = %s AND mode = %s""",
        (scope, name, mode),
    )
    return gone.rowcount > 0


async def standing(connection: AsyncConnection) -> list[dict[str, Any]]:
    """All pauses of the identity's organisation, oldest first."""
    found = await connection.execute(
        "SELECT id, scope, name, mode, reason, actor, since FROM pauses ORDER BY since, id"
    )
    return await found.fetchall()
