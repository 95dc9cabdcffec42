"""One intervention with what it was made from, as the person it was for may know it."""

from typing import Any

from tactful.store.database import AsyncConnection

# As the person: row security shows only their own. What was never shown is not theirs to ask about.
READ = """
SELECT i.id, i.intervention_type, i.trigger, i.title, i.message, i.channel, i.triggered_at, i.shown_at, i.user_response,
       i.polished_by, d.facts
  FROM intervention_logs i
  LEFT JOIN decisions d ON d.id = i.decision_id AND d.at = i.triggered_at AND d.person_id = i.user_id
 WHERE i.id = %s AND i.user_id = (SELECT current_person()) AND i.shown_at IS NOT NULL
"""


async def read(connection: AsyncConnection, intervention_id: int) -> dict[str, Any] | None:
    """The intervention, with the facts of the ledger's row where that is kept; None when it is not theirs."""
    return await (await connection.execute(READ, (intervention_id,))).fetchone()
