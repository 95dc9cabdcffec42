"""Which message an answer is about that came back through its channel."""

from typing import Any

from tactful.store.database import AsyncConnection

FIND = """
SELECT o.name AS organisation, p.external_id AS person, d.intervention_id, d.channel
  FROM deliveries d JOIN people p ON p.id = d.person_id JOIN organisations o ON o.id = d.organisation_id
 WHERE d.mark = %s
"""


async def find(connection: AsyncConnection, mark: str) -> dict[str, Any] | None:
    """Organisation, person, intervention_id and channel of the delivery with this mark, as service_role."""
    return await (await connection.execute(FIND, (mark,))).fetchone()
