"""Whoever stops gets nothing more, not even what was on its way to a channel already."""

from datetime import datetime

from tactful.kernel.errors import NotFound
from tactful.store.database import AsyncConnection

BECAUSE = "They stopped messages outside the product."
FIND = """
SELECT p.id FROM people p JOIN organisations o ON o.id = p.organisation_id WHERE o.name = %s AND p.external_id = %s
"""
# Interventions before their deliveries. One that is being sent at this moment is on its way.
WITHDRAW = """
WITH held AS MATERIALIZED (
  SELECT i.id FROM intervention_logs i JOIN deliveries d ON d.intervention_id = i.id AND d.state = 'due'
   WHERE i.user_id = %(person)s AND i.state IN ('planned', 'deferred') AND i.channel <> 'in_app'
   ORDER BY i.id FOR NO KEY UPDATE OF i),
gone AS (UPDATE intervention_logs i SET state = 'withdrawn', withdrawn_at = %(at)s, withdrawn_because = %(because)s
           FROM held WHERE i.id = held.id RETURNING i.id)
UPDATE deliveries d SET state = 'withdrawn' FROM gone
 WHERE d.intervention_id = gone.id AND d.state = 'due' RETURNING d.id
"""
STOPPED = "SELECT (consent ->> 'outreach')::boolean IS FALSE AS stopped FROM people WHERE id = %s"


async def find(connection: AsyncConnection, organisation: str, person: str) -> int:
    """Our number of a person, as service_role. raises: NotFound."""
    row = await (await connection.execute(FIND, (organisation, person))).fetchone()
    if row is None:
        raise NotFound(f"There is nobody with the id {person} in {organisation}.")
    return int(row["id"])


async def withdraw(connection: AsyncConnection, person: int, *, at: datetime) -> int:
    """Take back what was still to go to a person outside the product; answers how many messages."""
    rows = await connection.execute(WITHDRAW, {"person": person, "at": at, "because": BECAUSE})
    return len(await rows.fetchall())


async def is_stopped(connection: AsyncConnection, person: int) -> bool:
    """Whether a person (our number) stopped everything outside the product."""
    row = await (await connection.execute(STOPPED, (person,))).fetchone()
    return row is not None and bool(row["stopped"])
