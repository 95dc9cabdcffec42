"""proactive_outreach: asked for, waiting for its moment, chosen by a decision like anything else, or over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.facts.outreach import DIGEST, SMALL
from tactful.store.database import AsyncConnection, Connection

# What waits at an instant (%s twice) of people (`{people}` about user_id), by person: for `moments`.
WAITING = f"""
SELECT user_id, array_agg(kind ORDER BY kind) AS asked_kinds, array_agg(value ORDER BY kind) AS asked_values,
       sum(small)::int AS asked_small
  FROM (SELECT user_id, outreach_type AS kind, max(priority_score) AS value,
               count(*) FILTER (WHERE priority_score < {SMALL} AND outreach_type <> '{DIGEST}') AS small
          FROM proactive_outreach
         WHERE scheduled_time <= %s AND expires_at > %s AND created_at <= %s AND (closed_at IS NULL OR closed_at > %s)
           AND {{people}}
         GROUP BY user_id, outreach_type) w
 GROUP BY user_id
"""
WRITE = """
INSERT INTO proactive_outreach (user_id, organization_id, outreach_type, priority_score, trigger, context_data,
                                scheduled_time, expires_at, created_at, external_id)
SELECT id, organisation_id, %(outreach_type)s, %(priority_score)s, %(trigger)s, %(context_data)s, %(scheduled_time)s,
       %(expires_at)s, %(now)s, %(external_id)s
  FROM people WHERE id = %(person)s
    ON CONFLICT (organization_id, external_id) DO NOTHING RETURNING id
"""
# Whoever is asked for is looked at when the time has come.
DUE = """
UPDATE person_state SET next_due_at = least(next_due_at, greatest(%(scheduled_time)s, %(now)s)),
       changed_at = greatest(changed_at + interval '1 microsecond', %(now)s)
 WHERE person_id = %(person)s
"""
TOLD = """
SELECT r.id, p.external_id AS user_id, r.outreach_type, r.priority_score, r.status, r.trigger, r.context_data,
       r.scheduled_time, r.expires_at, r.created_at, r.closed_at, r.external_id, r.intervention_id, i.channel,
       i.state AS intervention_state, nullif(i.template, '') AS template, nullif(i.polished_by, '') AS polished_by,
       i.shown_at AS sent_at, i.user_response, i.responded_at
  FROM proactive_outreach r JOIN people p ON p.id = r.user_id
  LEFT JOIN intervention_logs i ON i.id = r.intervention_id
"""
ONE = TOLD + " JOIN organisations o ON o.id = r.organization_id AND o.name = %s WHERE r.id = %s"
KNOWN = TOLD + " JOIN organisations o ON o.id = r.organization_id AND o.name = %s WHERE r.external_id = %s"
LISTED = (
    TOLD
    + """
 WHERE (%(person)s::text IS NULL OR p.external_id = %(person)s) AND (%(status)s::text IS NULL OR r.status = %(status)s)
   AND (%(before)s::bigint IS NULL OR r.id < %(before)s) ORDER BY r.id DESC LIMIT %(limit)s
"""
)
CANCEL = """
UPDATE proactive_outreach r SET status = 'cancelled', closed_at = %(now)s FROM organisations o
 WHERE r.id = %(id)s AND o.id = r.organization_id AND o.name = %(organisation)s AND r.status = 'scheduled'
RETURNING r.id
"""
# The most valuable of its type is what the decision was about; what it is about goes into the words.
CHOSEN = f"""
WITH picked AS MATERIALIZED (
  SELECT DISTINCT ON (i.id) i.id AS intervention, r.id, r.context_data, r.trigger
    FROM intervention_logs i
    JOIN proactive_outreach r ON r.user_id = i.user_id AND r.outreach_type = i.intervention_type
   WHERE i.decision_id = ANY(%(decisions)s) AND i.intervention_type <> '{DIGEST}' AND r.status = 'scheduled'
     AND r.scheduled_time <= %(at)s AND r.expires_at > %(at)s
   ORDER BY i.id, r.priority_score DESC, r.id),
worded AS (UPDATE intervention_logs i SET context = i.context || jsonb_build_object('asked', p.context_data)
             FROM picked p WHERE i.id = p.intervention)
UPDATE proactive_outreach r SET status = 'chosen', closed_at = %(at)s, intervention_id = p.intervention
  FROM picked p WHERE r.id = p.id
"""
FOLDED = f"""
WITH small AS MATERIALIZED (
  SELECT i.id AS intervention, r.id, r.outreach_type, r.context_data, r.priority_score
    FROM intervention_logs i JOIN proactive_outreach r ON r.user_id = i.user_id
   WHERE i.decision_id = ANY(%(decisions)s) AND i.intervention_type = '{DIGEST}' AND r.status = 'scheduled'
     AND (r.priority_score < {SMALL} OR r.outreach_type = '{DIGEST}')
     AND r.scheduled_time <= %(at)s AND r.expires_at > %(at)s),
worded AS (
  UPDATE intervention_logs i SET context = i.context || jsonb_build_object('asked', s.context_data, 'folded', s.folded)
    FROM (SELECT intervention,
                 coalesce((array_agg(context_data) FILTER (WHERE outreach_type = '{DIGEST}'))[1], '{{}}')
                   AS context_data,
                 coalesce(jsonb_agg(jsonb_build_object('kind', outreach_type, 'about', context_data)
                                    ORDER BY priority_score DESC, id)
                            FILTER (WHERE outreach_type <> '{DIGEST}'), '[]') AS folded
            FROM small GROUP BY intervention) s
   WHERE i.id = s.intervention)
UPDATE proactive_outreach r SET status = CASE WHEN r.outreach_type = '{DIGEST}' THEN 'chosen' ELSE 'folded' END,
       closed_at = %(at)s, intervention_id = s.intervention
  FROM small s WHERE r.id = s.id
"""
EXPIRE = """
UPDATE proactive_outreach SET status = 'expired', closed_at = expires_at WHERE status = 'scheduled' AND expires_at <= %s
"""


async def write(connection: AsyncConnection, person: int, told: dict[str, Any], *, now: datetime) -> int | None:
    """Note what is asked for about a person (our number); answers its number, None where it is known by its name."""
    values = {**told, "person": person, "now": now, "context_data": Jsonb(told["context_data"])}
    row = await (await connection.execute(WRITE, values)).fetchone()
    await connection.execute(DUE, values)
    return None if row is None else int(row["id"])


async def one(connection: AsyncConnection, organisation: str, number: int) -> dict[str, Any] | None:
    """One of an organisation's, as service_role."""
    return await (await connection.execute(ONE, (organisation, number))).fetchone()


async def known(connection: AsyncConnection, organisation: str, name: str) -> dict[str, Any] | None:
    """The same, by the name that its asker gave it."""
    return await (await connection.execute(KNOWN, (organisation, name))).fetchone()


async def listed(
    connection: AsyncConnection, *, person: str | None, status: str | None, limit: int, before: int | None
) -> list[dict[str, Any]]:
    """Those of the identity's organisation, latest first."""
    values = {"person": person, "status": status, "limit": limit, "before": before}
    return await (await connection.execute(LISTED, values)).fetchall()


async def cancel(connection: AsyncConnection, organisation: str, number: int, *, now: datetime) -> bool:
    """Take back what still waits, as service_role; whether it did."""
    values = {"organisation": organisation, "id": number, "now": now}
    return await (await connection.execute(CANCEL, values)).fetchone() is not None


def chosen(connection: Connection, decisions: Sequence[int], *, at: datetime) -> None:
    """Note which requests these decisions were about, and let their words speak of that."""
    if decisions:
        values = {"decisions": list(decisions), "at": at}
        connection.execute(CHOSEN, values)
        connection.execute(FOLDED, values)


def expire(connection: Connection, at: datetime) -> int:
    """Close what nobody had a moment for; answers how many."""
    return connection.execute(EXPIRE, (at,)).rowcount
