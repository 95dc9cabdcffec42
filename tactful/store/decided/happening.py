"""What happens in an organisation's live sessions just now, as its operators see it; under their row security."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

# Sessions that run, the least engaged first; and what was noticed of each lately.
SESSIONS = """
SELECT s.id AS number, s.session_id, s.event_id, s.title, s.mode, s.started_at, s.ends_at,
       coalesce(h.viewers, e.viewers) AS viewers, e.score AS engagement, e.at AS heard_at,
       a.anomaly_type, a.severity, a.timestamp AS noticed_at
  FROM live_sessions s
  LEFT JOIN LATERAL (SELECT h.viewers FROM live_seconds h
                      WHERE h.live_session_id = s.id AND h.at >= s.started_at ORDER BY h.at DESC LIMIT 1) h ON true
  LEFT JOIN LATERAL (SELECT e.score, e.viewers, e.at FROM engagement e
                      WHERE e.live_session_id = s.id AND e.at >= s.started_at ORDER BY e.at DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (SELECT a.anomaly_type, a.severity, a.timestamp FROM anomalies a
                      WHERE a.live_session_id = s.id AND a.timestamp > %(lately)s
                      ORDER BY a.timestamp DESC LIMIT 1) a ON true
 WHERE s.state = 'live' ORDER BY e.score NULLS LAST, s.id DESC LIMIT %(limit)s
"""
COUNT = "SELECT count(*) AS many FROM live_sessions WHERE state = 'live'"
HEARD = """
SELECT s.session_id, e.at, e.score AS engagement, e.viewers
  FROM live_sessions s JOIN engagement e ON e.live_session_id = s.id AND e.at > %(since)s AND e.at >= s.started_at
 WHERE s.state = 'live' AND s.session_id = ANY(%(sessions)s) ORDER BY e.at, s.id
"""
# Sessions that run, and those that ran until lately. Every branch reads one table by its session and time.
CHANGES = """
WITH mine AS (
  SELECT id, session_id, title, state FROM live_sessions WHERE state = 'live'
  UNION ALL
  SELECT id, session_id, title, state FROM live_sessions
   WHERE organisation_id = current_organisation() AND state = 'ended' AND ended_at > %(since)s),
told AS (
  SELECT 'anomaly' AS kind, a.id::text AS key, a.timestamp AS at, NULL::timestamptz AS until,
         NULL::timestamptz AS done_at, m.session_id, m.title,
         jsonb_build_object('type', a.anomaly_type, 'severity', a.severity, 'reasoning', a.reasoning,
                            'engagement', a.current_engagement, 'expected', a.expected_engagement) AS told
    FROM mine m JOIN anomalies a ON a.live_session_id = m.id AND a.timestamp > %(since)s
  UNION ALL
  SELECT 'intervention', i.id::text, i.timestamp, NULL, NULL, m.session_id, m.title,
         jsonb_build_object('type', i.type, 'reasoning', i.reasoning, 'content', i.metadata, 'actor', i.actor)
    FROM mine m JOIN interventions i ON i.live_session_id = m.id AND i.timestamp > %(since)s
  UNION ALL
  SELECT 'suggestion', g.id::text, g.suggested_at, g.expires_at, g.answered_at, m.session_id, m.title,
         jsonb_build_object('id', g.id, 'type', g.type, 'confidence', g.confidence, 'priority', g.priority,
                            'reasoning', g.reasoning, 'content', g.content, 'answered_by', g.answered_by,
                            'state', CASE WHEN g.state = 'waiting' AND (g.expires_at <= %(at)s OR m.state = 'ended')
                                          THEN 'expired' ELSE g.state END)
    FROM mine m JOIN live_suggestions g ON g.live_session_id = m.id
   WHERE g.suggested_at > %(since)s OR g.answered_at > %(since)s OR (g.state = 'waiting' AND g.expires_at > %(at)s)
  UNION ALL
  SELECT 'poll', p.id::text, coalesce(p.closed_at, p.closes_at), NULL, NULL, m.session_id, m.title,
         jsonb_build_object('question', p.question, 'type', p.type, 'options', p.options, 'counts',
           (SELECT coalesce(jsonb_object_agg(v.choice, v.votes), '{}')
              FROM (SELECT coalesce(choice, -1) AS choice, count(*) AS votes FROM poll_votes
                     WHERE poll_id = p.id GROUP BY 1) v))
    FROM mine m JOIN polls p ON p.live_session_id = m.id
   WHERE coalesce(p.closed_at, p.closes_at) > %(since)s AND coalesce(p.closed_at, p.closes_at) <= %(at)s
  UNION ALL
  SELECT 'outcome', i.id::text, o.at, o.settles_at, o.settled_at, m.session_id, m.title,
         jsonb_build_object('type', i.type, 'content', i.metadata, 'before', o.before, 'outcome', i.outcome,
                            'spoiled', o.spoiled)
    FROM mine m JOIN live_moments o ON o.live_session_id = m.id AND o.acted
    JOIN interventions i ON i.id = o.intervention_id AND i.timestamp = o.at
   WHERE o.at > %(since)s OR o.settled_at > %(since)s)
SELECT * FROM told WHERE kind = ANY(%(kinds)s) ORDER BY greatest(at, done_at) DESC, key LIMIT %(limit)s
"""
KINDS = ("anomaly", "intervention", "suggestion", "poll", "outcome")


async def sessions(connection: AsyncConnection, *, lately: datetime, limit: int) -> list[dict[str, Any]]:
    """Live sessions that run, the least engaged first: who is there, how engaged, what was noticed since `lately`.

    engagement: 0..1, None where unknown; of the stretch that ended at heard_at.
    """
    return await (await connection.execute(SESSIONS, {"lately": lately, "limit": limit})).fetchall()


async def count(connection: AsyncConnection) -> int:
    """How many live sessions run."""
    row = await (await connection.execute(COUNT)).fetchone()
    return int(row["many"]) if row else 0


async def heard(connection: AsyncConnection, names: Sequence[str], *, since: datetime) -> list[dict[str, Any]]:
    """How engaged these running sessions were since then: a row for each stretch of ten seconds, by its end."""
    return await (await connection.execute(HEARD, {"since": since, "sessions": list(names)})).fetchall()


async def changes(
    connection: AsyncConnection, *, since: datetime, at: datetime, limit: int, kinds: Sequence[str] = KINDS
) -> list[dict[str, Any]]:
    """What happened or changed since then, latest first; suggestions that wait are always told.

    kind: of KINDS; key: what it is told apart by within its kind; at: when it happened; until: when a suggestion
    expires, or an outcome will be known; done_at: when it was answered, or became known; told: everything else.
    """
    values = {"since": since, "at": at, "limit": limit, "kinds": list(kinds)}
    return await (await connection.execute(CHANGES, values)).fetchall()
