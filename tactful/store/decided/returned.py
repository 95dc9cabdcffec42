"""Deliveries that came back after they had been taken: what that says of them, and of where they went."""

from typing import Any

from tactful.store.database import Connection

FIND = """
SELECT d.id, d.address_id FROM deliveries d JOIN organisations o ON o.id = d.organisation_id
 WHERE d.mark = %(mark)s::uuid AND d.channel = %(channel)s
   AND (%(organisation)s::text IS NULL OR o.name = %(organisation)s)
"""
BACK = """
UPDATE deliveries SET state = 'refused', refusal = %s, error = %s
 WHERE id = %s AND state IN ('sending', 'sent', 'unknown') RETURNING id
"""
COUNT = "UPDATE addresses SET bounced = bounced + 1 WHERE id = %s RETURNING bounced"
QUEUED = "SELECT id FROM deliveries WHERE address_id = %s AND state = 'due' ORDER BY id"
STOP = """
UPDATE deliveries SET state = 'refused', refusal = %s, error = %s WHERE id = ANY(%s) AND state = 'due' RETURNING id
"""


def find(connection: Connection, channel: str, mark: str, organisation: str | None) -> dict[str, Any] | None:
    """id and address_id of the delivery with this mark; None where there is none, or it is somebody else's."""
    values = {"mark": mark, "channel": channel, "organisation": organisation}
    return connection.execute(FIND, values).fetchone()


def back(connection: Connection, delivery: int, refusal: str, detail: str) -> bool:
    """Note that a delivery came back; whether that is new. The caller holds its intervention."""
    return connection.execute(BACK, (refusal, detail, delivery)).fetchone() is not None


def count(connection: Connection, address: int) -> int:
    """One more came back from an address; how many by now."""
    row = connection.execute(COUNT, (address,)).fetchone()
    return 0 if row is None else int(row["bounced"])


def queued(connection: Connection, address: int) -> list[int]:
    """What is still to go to an address."""
    return [row["id"] for row in connection.execute(QUEUED, (address,))]


def stop(connection: Connection, deliveries: list[int], refusal: str, detail: str) -> list[int]:
    """Let these not go; answers those that had not gone. The caller holds their interventions."""
    return [row["id"] for row in connection.execute(STOP, (refusal, detail, deliveries))]
