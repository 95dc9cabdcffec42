"""What is known around some people of a list: who they are, why now, and what was tried."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

PEOPLE = """
SELECT p.id, p.external_id, p.name, p.zone, s.last_seen_at, s.first_seen_at, r.risk_level, r.risk_score, r.probability,
       r.risk_factors, r.confidence, r.level_since, r.level_before, r.calculated_at, r.critical_since,
       r.sessions_by_week, r.days_silent, r.avg_days_between_sessions, r.sentiment_trend_7d,
       r.days_since_last_completion, r.performance_trend, r.longest_streak,
       r.strategy_executed_at, r.user_returned, r.returned_at
  FROM people p LEFT JOIN person_state s ON s.person_id = p.id LEFT JOIN dropout_risk_scores r ON r.user_id = p.id
 WHERE p.id = ANY(%s)
"""
ALERTS = """
SELECT a.person_id, a.id, a.state, a.raised_at, a.risk_score, e.external_id AS educator, e.name AS educator_name,
       g.external_id AS group_id, coalesce(nullif(g.name, ''), g.external_id) AS group_name
  FROM educator_alerts a JOIN people e ON e.id = a.educator_id LEFT JOIN groups g ON g.id = a.group_id
 WHERE a.person_id = ANY(%s) AND a.state <> 'closed' ORDER BY a.raised_at, a.id
"""
FLAGS = """
SELECT DISTINCT ON (person_id) person_id, actor, note, at, until FROM wrong_flags
 WHERE person_id = ANY(%s) AND at <= %s AND until > %s ORDER BY person_id, id
"""
# The last of each that people were shown, or that still waits for them.
TRIED = """
SELECT w.person_id, i.id, i.intervention_type AS kind, i.state, i.triggered_at, i.shown_at, i.user_response,
       i.responded_at, i.decision_id, i.count
  FROM unnest(%s::bigint[]) AS w (person_id) CROSS JOIN LATERAL (
       SELECT *, count(*) OVER () AS count FROM intervention_logs l
        WHERE l.user_id = w.person_id AND l.state <> 'shadow' ORDER BY triggered_at DESC, id DESC LIMIT 1) i
"""
PLATEAUS = """
SELECT l.user_id AS person_id, l.skill_id, coalesce(nullif(s.title, ''), l.skill_id) AS skill, l.topic, l.days_on_topic,
       l.detected_at
  FROM learning_plateaus l LEFT JOIN skills s ON s.organisation_id = l.organization_id AND s.id = l.skill_id
 WHERE l.user_id = ANY(%s) AND l.is_active ORDER BY l.days_on_topic DESC, l.id
"""
REGRESSIONS = """
SELECT user_id AS person_id, skill_name AS skill, urgency, regression_amount, days_since_practice, reminder_sent
  FROM skill_regressions WHERE user_id = ANY(%s) AND ended_at IS NULL AND urgency IN ('high', 'critical')
 ORDER BY regression_amount DESC, id
"""
MANY: Mapping[str, str] = {
    "alerts": ALERTS, "plateaus": PLATEAUS, "regressions": REGRESSIONS, "tried": TRIED,
}  # fmt: skip


async def people(connection: AsyncConnection, numbers: Sequence[int], at: datetime) -> list[dict[str, Any]]:
    """These people with their risk as it was last worked out, and `alerts` (open ones), `plateaus` and `regressions`
    (of now, urgent ones), `tried` (the last intervention) as lists, and `flag` (who says they are not leaving) or None.
    """
    whom = list(numbers)
    rows = await (await connection.execute(PEOPLE, (whom,))).fetchall()
    found = {name: _by_person(await (await connection.execute(query, (whom,))).fetchall())
             for name, query in MANY.items()}  # fmt: skip
    flags = _by_person(await (await connection.execute(FLAGS, (whom, at, at))).fetchall())
    return [
        {**row, **{name: found[name][row["id"]] for name in MANY}, "flag": next(iter(flags[row["id"]]), None)}
        for row in rows
    ]


def _by_person(rows: Sequence[dict[str, Any]]) -> defaultdict[int, list[dict[str, Any]]]:
    found = defaultdict[int, list[dict[str, Any]]](list)
    for row in rows:
        found[row["person_id"]].append(row)
    return found
