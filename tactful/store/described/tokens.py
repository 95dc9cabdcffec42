"""Service tokens an organisation was given: their ids only, never the tokens themselves."""

from datetime import datetime
from typing import Any

from tactful.kernel.errors import Conflict, NotFound
from tactful.store.database import AsyncConnection

COLUMNS = "t.id, t.scope, t.note, t.created_at, t.expires_at, t.revoked_at"
OF = "FROM service_tokens t JOIN organisations o ON o.id = t.organisation_id AND o.name = %(organisation)s"


async def add(
    connection: AsyncConnection,
    organisation: str,
    *,
    token_id: str,
    scope: str,
    note: str,
    at: datetime,
    until: datetime,
) -> dict[str, Any]:
    """Remember a token that is about to be handed out; as service_role. raises: NotFound for the organisation."""
    made = await connection.execute(
        """INSERT INTO service_tokens AS t (id, organisation_id, scope, note, created_at, expires_at)
           SELECT %(id)s, o.id, %(scope)s, %(note)s, %(at)s, %(until)s
             FROM organisations o WHERE o.name = %(organisation)s
           RETURNING """
        + COLUMNS,
        {"id": token_id, "organisation": organisation, "scope": scope, "note": note, "at": at, "until": until},
    )
    row = await made.fetchone()
    if row is None:
        raise NotFound(f"There is no organisation {organisation}.")
    return row


async def of(connection: AsyncConnection, organisation: str) -> list[dict[str, Any]]:
    """Every token of the organisation, newest first; as service_role."""
    found = await connection.execute(
        f"SELECT {COLUMNS} {OF} ORDER BY t.created_at DESC, t.id", {"organisation": organisation}
    )
    return await found.fetchall()


async def revoke(
    connection: AsyncConnection, organisation: str, token_id: str, *, at: datetime
) -> dict[str, Any] | None:
    """Refuse a token from `at` on, or from earlier if that was said before; None when there is none."""
    changed = await connection.execute(
        f"""UPDATE service_tokens t SET revoked_at = least(t.revoked_at, %(at)s) FROM organisations o
             WHERE o.id = t.organisation_id AND o.name = %(organisation)s AND t.id = %(id)s RETURNING {COLUMNS}""",
        {"organisation": organisation, "id": token_id, "at": at},
    )
    return await changed.fetchone()


async def retire(connection: AsyncConnection, organisation: str, token_id: str, *, at: datetime) -> dict[str, Any]:
    """Refuse a token from `at` on, because it gets a successor: it has one at most; as service_role.

    raises: NotFound; Conflict when it was revoked or has a successor already, and then that stands.
    """
    changed = await connection.execute(
        f"""UPDATE service_tokens t SET revoked_at = %(at)s FROM organisations o
             WHERE o.id = t.organisation_id AND o.name = %(organisation)s AND t.id = %(id)s AND t.revoked_at IS NULL
            RETURNING {COLUMNS}""",
        {"organisation": organisation, "id": token_id, "at": at},
    )
    row = await changed.fetchone()
    if row is not None:
        return row
    if any(each["id"] == token_id for each in await of(connection, organisation)):
        raise Conflict("The token was revoked, or was rotated already; hand out another one instead.")
    raise NotFound("The organisation has no such token.")


async def revoked(connection: AsyncConnection, organisation: str, token_id: str, *, at: datetime) -> bool:
    """Whether the token must be refused at `at`: revoked, or handed to another organisation."""
    found = await connection.execute(
        """SELECT o.name <> %s OR coalesce(t.revoked_at <= %s, false) AS refused
             FROM service_tokens t JOIN organisations o ON o.id = t.organisation_id WHERE t.id = %s""",
        (organisation, at, token_id),
    )
    row = await found.fetchone()
    return row is not None and bool(row["refused"])
