"""What was done in live sessions, read again: the history of a session or of an event, and counts of it."""

from datetime import datetime
from typing import Any

from tactful.store.steps import Say, Steps

COLUMNS = """i.id::text AS id, i.session_id, i.event_id, i.timestamp, i.type, i.confidence, i.reasoning, i.outcome,
  i.metadata, i.actor, i.decision_id"""
LATEST = "ORDER BY i.timestamp DESC, i.id LIMIT %(limit)s"
OF_SESSION = f"""
SELECT {COLUMNS}, count(*) OVER () AS total FROM interventions i WHERE i.live_session_id = %(session)s
 {LATEST} OFFSET %(offset)s
"""
COUNT = "SELECT count(*) AS total FROM interventions WHERE live_session_id = %s"
OF_EVENT = f"""
SELECT {COLUMNS}, count(*) OVER () AS total FROM interventions i
 WHERE i.organisation_id = %(organisation)s AND i.event_id = %(event)s AND i.timestamp > %(since)s {LATEST}
"""
EVENT = """
SELECT s.organisation_id FROM live_sessions s JOIN organisations o ON o.id = s.organisation_id
 WHERE o.name = %s AND s.event_id = %s LIMIT 1
"""
# What is told to organisers alone is an intervention as well, but nothing that an audience could take well.
BY_TYPE = """
SELECT type, count(*) AS interventions, sum(confidence) AS confidence,
       count(*) FILTER (WHERE metadata -> 'notification' ->> 'to' IS DISTINCT FROM 'organisers') AS heard
  FROM interventions WHERE live_session_id = %s GROUP BY type ORDER BY type
"""


def of_session(live_session_id: int, *, limit: int, offset: int) -> Steps[tuple[int, list[dict[str, Any]]]]:
    """How many there were in a session, and some of them, newest first."""
    rows = yield Say(OF_SESSION, {"session": live_session_id, "limit": limit, "offset": offset})
    if rows or not offset:
        return _counted(rows)
    (row,) = yield Say(COUNT, (live_session_id,))
    return row["total"], []


def of_event(
    organisation_id: int, event_id: str, *, since: datetime, limit: int
) -> Steps[tuple[int, list[dict[str, Any]]]]:
    """How many there were in all sessions of an event since then, and the newest of them."""
    values = {"organisation": organisation_id, "event": event_id, "since": since, "limit": limit}
    return _counted((yield Say(OF_EVENT, values)))


def event(organisation: str, event_id: str) -> Steps[int | None]:
    """Our number of the organisation, where it has a live session of that event."""
    rows = yield Say(EVENT, (organisation, event_id))
    return int(rows[0]["organisation_id"]) if rows else None


def by_type(live_session_id: int) -> Steps[list[dict[str, Any]]]:
    """Of each type there was in a session: interventions, how many; heard, by the audience; confidence, their sum."""
    return (yield Say(BY_TYPE, (live_session_id,)))


def _counted(rows: list[dict[str, Any]]) -> tuple[int, list[dict[str, Any]]]:
    total = rows[0]["total"] if rows else 0
    return total, [{name: value for name, value in row.items() if name != "total"} for row in rows]
