"""Endpoints of an organisation, as its administrators register and read them; all as service_role."""

from datetime import datetime
from typing import Any

from tactful.kernel.errors import Conflict, NotFound
from tactful.store.database import AsyncConnection

# Endpoints one organisation may have.
MOST = 20
COLUMNS = """w.id, w.url, w.note, w.created_by, w.created_at, w.disabled_at, w.disabled_because, w.failures,
       w.resting_until, w.last_sent_at"""
OF = "webhooks w JOIN organisations o ON o.id = w.organisation_id AND o.name = %(organisation)s"
LIST = f"""
SELECT {COLUMNS}, (SELECT count(*) FROM webhook_posts p WHERE p.webhook_id = w.id AND p.state = 'due') AS waiting,
       (SELECT count(*) FROM webhook_posts p WHERE p.webhook_id = w.id AND p.state = 'given_up') AS given_up
  FROM {OF} ORDER BY w.id
"""
# The organisation's row, so that two at once do not both find room.
LOCK = "SELECT id FROM organisations WHERE name = %(organisation)s FOR NO KEY UPDATE"
STANDING = f"""
SELECT count(*) AS count, count(*) FILTER (WHERE w.url = %(url)s AND w.disabled_at IS NULL) AS same FROM {OF}
"""
ADD = f"""
INSERT INTO webhooks AS w (organisation_id, url, note, secret, created_by, created_at)
SELECT o.id, %(url)s, %(note)s, %(secret)s, %(actor)s, %(at)s FROM organisations o WHERE o.name = %(organisation)s
RETURNING {COLUMNS}
"""
ONE = f"SELECT w.id, w.url, w.secret FROM {OF} WHERE w.id = %(id)s"
REMOVE = """
DELETE FROM webhooks w USING organisations o
 WHERE o.id = w.organisation_id AND o.name = %(organisation)s AND w.id = %(id)s RETURNING w.id, w.url
"""


async def of(connection: AsyncConnection, organisation: str) -> list[dict[str, Any]]:
    """Every endpoint, oldest first, with what waits for it; never its secret."""
    return await (await connection.execute(LIST, {"organisation": organisation})).fetchall()


async def add(
    connection: AsyncConnection, organisation: str, *, url: str, note: str, secret: str, actor: str, at: datetime
) -> dict[str, Any]:
    """Register an endpoint. raises: NotFound for the organisation; Conflict where it is there, or too many are."""
    values = {"organisation": organisation, "url": url, "note": note, "secret": secret, "actor": actor, "at": at}
    if await (await connection.execute(LOCK, values)).fetchone() is None:
        raise NotFound(f"There is no organisation {organisation}.")
    there = await (await connection.execute(STANDING, values)).fetchone()
    assert there is not None
    if there["same"]:
        raise Conflict("That endpoint is registered already; remove it first if its secret is lost.")
    if there["count"] >= MOST:
        raise Conflict(f"An organisation may have {MOST} endpoints; remove one first.")
    row = await (await connection.execute(ADD, values)).fetchone()
    assert row is not None
    return {**row, "waiting": 0, "given_up": 0}


async def remove(connection: AsyncConnection, organisation: str, webhook: int) -> dict[str, Any]:
    """Remove an endpoint and what waits for it; answers its id and url. raises: NotFound."""
    row = await (await connection.execute(REMOVE, {"organisation": organisation, "id": webhook})).fetchone()
    if row is None:
        raise NotFound("The organisation has no such webhook.")
    return row


async def one(connection: AsyncConnection, organisation: str, webhook: int) -> dict[str, Any]:
    """An endpoint with its secret: id, url, secret. raises: NotFound."""
    row = await (await connection.execute(ONE, {"organisation": organisation, "id": webhook})).fetchone()
    if row is None:
        raise NotFound("The organisation has no such webhook.")
    return row
