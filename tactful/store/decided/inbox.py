"""What a person may see now, and what they answered. Runs as the person: row security shows only their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from psycopg.errors import UniqueViolation

from tactful.store.database import AsyncConnection
from tactful.store.decided.milestones import CELEBRATED
from tactful.store.decided.regressions import REMINDED

# In-app interventions whose moment is now. What the person has since switched off stays unseen.
# A function of the database, because it is asked for most: it says who asks and looks, so that all who
# ask at once are answered in one round trip, each as themselves. It runs with the rights of whoever calls it.
DUE_FUNCTION = """
CREATE OR REPLACE FUNCTION interventions_due(organisation text, person text, at timestamptz)
RETURNS TABLE (id bigint, intervention_type text, priority int, trigger text, title text, message text, action text,
               decision_id bigint, state text, triggered_at timestamptz, due_at timestamptz, expires_at timestamptz,
               shown_at timestamptz, user_response text)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('request.jwt.claim.org', organisation, true), set_config('request.jwt.claim.sub', person, true);
  RETURN QUERY
  SELECT i.id, i.intervention_type, i.priority, i.trigger, i.title, i.message, i.action, i.decision_id,
         i.state, i.triggered_at, i.due_at, i.expires_at, i.shown_at, i.user_response
    FROM intervention_logs i
   WHERE i.user_id = (SELECT current_person()) AND i.channel = 'in_app' AND i.state IN ('planned', 'shown')
     AND i.triggered_at <= at AND i.due_at <= at AND i.expires_at > at
     AND NOT EXISTS (SELECT 1 FROM user_notification_preferences n
                      WHERE n.user_id = i.user_id
                        AND (n.dnd_enabled OR i.intervention_type = ANY(n.disabled_intervention_types)
                             OR i.channel = ANY(n.disabled_channels)))
   ORDER BY i.priority DESC, i.triggered_at, i.id;
END $$;
"""
DUE = """
SELECT w.asked, d.* FROM unnest(%s::text[], %s::text[], %s::timestamptz[])
       WITH ORDINALITY AS w (organisation, person, at, asked)
 CROSS JOIN LATERAL interventions_due(w.organisation, w.person, w.at) AS d
"""

# The one answer of an intervention. A snoozed one may be answered again; all else is final.
LOCK = """
SELECT id, intervention_type, state, user_response, responded_at, due_at, expires_at FROM intervention_logs
 WHERE id = %(id)s AND user_id = (SELECT current_person()) AND triggered_at <= %(at)s FOR UPDATE
"""
RETURNING = "RETURNING id, state, user_response, responded_at, due_at"
# Whoever answers has seen it: what was still to be sent is not.
UNSENT = """
WITH unsent AS (
  UPDATE deliveries SET state = 'withdrawn'
   WHERE intervention_id = %(id)s AND person_id = (SELECT current_person()) AND state = 'due')"""
ANSWER = f"""{UNSENT}
UPDATE intervention_logs SET state = 'answered', user_response = %(response)s, responded_at = %(at)s,
       shown_at = coalesce(shown_at, %(at)s)
 WHERE id = %(id)s {RETURNING}
"""
SNOOZE = f"""{UNSENT}
UPDATE intervention_logs SET state = 'planned', user_response = 'snoozed', responded_at = %(at)s,
       shown_at = coalesce(shown_at, %(at)s), due_at = %(back)s, expires_at = greatest(expires_at, %(until)s)
 WHERE id = %(id)s
   AND NOT EXISTS (SELECT 1 FROM intervention_logs o
                    WHERE o.user_id = (SELECT current_person()) AND o.intervention_type = %(kind)s AND o.id <> %(id)s
                      AND o.state IN ('planned', 'deferred'))
{RETURNING}
"""

# Who takes something up is not left alone with its kind any more, and is found where it reached them. Nobody waits
# for that: where somebody else holds the row, it is left as it is.
TAKEN_UP = (
    """UPDATE attention SET ignored_by_kind = ignored_by_kind - %(kind)s::text
        WHERE person_id = (SELECT person_id FROM attention
                            WHERE person_id = (SELECT current_person()) AND ignored_by_kind ? %(kind)s
                              FOR NO KEY UPDATE SKIP LOCKED)""",
    """UPDATE addresses SET answered = answered + 1
        WHERE id IN (SELECT id FROM addresses
                      WHERE person_id = (SELECT current_person())
                        AND id IN (SELECT address_id FROM deliveries WHERE intervention_id = %(id)s AND state = 'sent')
                        FOR NO KEY UPDATE SKIP LOCKED)""",
)


class Asked(NamedTuple):
    """A person of an organisation asks what there is for them at `at`."""

    organisation: str
    person: str
    at: datetime


async def due(connection: AsyncConnection, asked: Sequence[Asked]) -> list[list[dict[str, Any]]]:
    """For each who asked everything that person may see, most important first; `planned` was not handed over yet.

    On a connection of `Database.people`: row security looks at every one of them as themselves.
    """
    columns = [list(column) for column in zip(*asked, strict=True)]
    found: list[list[dict[str, Any]]] = [[] for _ in asked]
    for row in await (await connection.execute(DUE, columns)).fetchall():
        found[row.pop("asked") - 1].append(row)
    return found


async def answer(
    connection: AsyncConnection, intervention_id: int, response: str, *, at: datetime, snooze: timedelta
) -> dict[str, Any] | None:
    """Record what the person did; the first answer stands, unless it was to snooze.

    A snoozed intervention comes back after `snooze` and then waits as long again for an answer. Where
    another one of its kind waits already, that one is the one that comes.
    None when there is no such intervention of theirs; with `repeated` when an earlier answer stands.
    """
    row = await (await connection.execute(LOCK, {"id": intervention_id, "at": at})).fetchone()
    if row is None or row["state"] in ("shadow", "withdrawn", "deferred"):
        return None
    asleep = row["user_response"] == "snoozed" and row["state"] == "planned" and row["due_at"] > at
    if (row["state"] in ("answered", "expired") and row["user_response"]) or (asleep and response == "snoozed"):
        return {**row, "repeated": True}
    values = {"id": intervention_id, "response": response, "at": at, "kind": row["intervention_type"]}
    # Whoever answers has seen it, handed over or not.
    for seen in (REMINDED, CELEBRATED):
        await connection.execute(seen, {"ids": [intervention_id], "at": at})
    if response == "snoozed":
        back = {"back": at + snooze, "until": at + 2 * snooze}
        slept = await _sleep(connection, values | back)
        if slept is not None:
            return slept
    if response == "engaged":
        for counted in TAKEN_UP:
            await connection.execute(counted, values)
    return await (await connection.execute(ANSWER, values)).fetchone()


async def _sleep(connection: AsyncConnection, values: dict[str, Any]) -> dict[str, Any] | None:
    try:
        async with connection.transaction():
            return await (await connection.execute(SNOOZE, values)).fetchone()
    except UniqueViolation:
        # Another of its kind was planned at this very moment.
        return None
