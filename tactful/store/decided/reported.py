"""What a report of a live session is made of, beside what others read of it."""

from typing import Any

from tactful.store.steps import Say, Steps

SESSION = """
SELECT s.id, s.organisation_id, s.session_id, s.event_id, s.title, s.topic, s.language, s.mode, s.state, s.starts_at,
       s.ends_at, s.started_at, s.ended_at
  FROM live_sessions s WHERE s.id = %s
"""
TIMELINE = """
SELECT at, bin, viewers, signals, score AS engagement FROM engagement WHERE live_session_id = %s ORDER BY at LIMIT %s
"""
ANOMALIES = """
SELECT id::text AS id, timestamp, anomaly_type, severity, anomaly_score, current_engagement, expected_engagement,
       deviation, reasoning
  FROM anomalies WHERE live_session_id = %s ORDER BY timestamp, id LIMIT %s
"""


def session(live_session_id: int) -> Steps[dict[str, Any]]:
    """What is said of a session, and when it ran."""
    (row,) = yield Say(SESSION, (live_session_id,))
    return row


def timeline(live_session_id: int, *, limit: int) -> Steps[list[dict[str, Any]]]:
    """Stretches of ten seconds of a session, as they were heard: at (their end), bin, viewers, signals, engagement."""
    return (yield Say(TIMELINE, (live_session_id, limit)))


def anomalies(live_session_id: int, *, limit: int) -> Steps[list[dict[str, Any]]]:
    """What was noticed in a session, oldest first."""
    return (yield Say(ANOMALIES, (live_session_id, limit)))
