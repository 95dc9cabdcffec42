"""Who one person is to those who look after them: description, consent, wishes, attention, presence, hours."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection
from tactful.store.described.addresses import KNOWN

# bucket: of 10,000, from which the share that is left alone is taken. wishes: what they said, null for nothing yet.
WHO = f"""
SELECT p.id, p.external_id, p.name, p.zone, p.zone_source, p.locale, p.consent, p.created_at, p.updated_at,
       p.holdout_bucket AS bucket, s.first_seen_at, s.last_seen_at, s.last_completion_at, s.events, s.active_days,
       s.current_streak, s.longest_streak, s.streak_day, s.next_due_at,
       r.risk_level, r.level_since, r.level_before, r.calculated_at,
       to_jsonb(n) AS wishes, n.updated_at AS wished_at,
       a.local_day AS attention_day, a.sent_today, a.outreach_today, a.in_context_today, a.critical_today,
       a.last_outreach_at, b.current_page, b.current_topic, b.last_seen_at AS present_at,
       {KNOWN},
       (SELECT bool_or(name = '' OR scope = 'organisation') FROM pauses WHERE mode = 'pause') AS paused
  FROM people p
  LEFT JOIN person_state s ON s.person_id = p.id
  LEFT JOIN dropout_risk_scores r ON r.user_id = p.id
  LEFT JOIN user_notification_preferences n ON n.user_id = p.id
  LEFT JOIN attention a ON a.person_id = p.id
  LEFT JOIN ambient_presence_states b ON b.user_id = p.id
 WHERE p.external_id = %s
"""
GROUPS = """
SELECT g.external_id, coalesce(nullif(g.name, ''), g.external_id) AS name, m.role, g.id
  FROM group_members m JOIN groups g ON g.id = m.group_id WHERE m.person_id = %s ORDER BY name, g.id
"""
WAITING = """
SELECT id, intervention_type AS kind, state, channel, due_at, expires_at, triggered_at, shown_at, decision_id
  FROM intervention_logs WHERE user_id = %s AND state IN ('planned', 'deferred', 'shown') AND expires_at > %s
 ORDER BY due_at, id
"""
HOURS = "SELECT hour, events FROM person_hour WHERE person_id = %s ORDER BY hour"

SKILLS = "SELECT id, title FROM skills WHERE id = ANY(%s) AND title <> ''"


async def skills(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, str]:
    """What the catalogue calls these skills, of those it has a name for."""
    rows = await (await connection.execute(SKILLS, (list(ids),))).fetchall()
    return {row["id"]: row["title"] for row in rows}


async def read(connection: AsyncConnection, external_id: str, at: datetime) -> dict[str, Any] | None:
    """The person of the identity's organisation with this id, with `groups`, `waiting` (interventions that are open)
    and `hours` (events by the hour of their own week, 0 to 167); None where there is none.
    """
    row = await (await connection.execute(WHO, (external_id,))).fetchone()
    if row is None:
        return None
    parts = {"groups": (GROUPS, (row["id"],)), "waiting": (WAITING, (row["id"], at)), "hours": (HOURS, (row["id"],))}
    return {**row, **{name: await (await connection.execute(*asked)).fetchall() for name, asked in parts.items()}}
