"""Suggestions that wait for an organiser: looked at, held while somebody answers, answered once."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.kernel.errors import NotFound
from tactful.store.database import Connection
from tactful.store.steps import Say, Steps

# One that waited too long is over, whether or not somebody has written so.
STATE = "CASE WHEN g.state = 'waiting' AND g.expires_at <= %(at)s THEN 'expired' ELSE g.state END"
COLUMNS = f"""g.id, s.session_id, g.decision_id, g.type, g.confidence, g.priority, g.reasoning, g.content,
  {STATE} AS state, g.suggested_at, g.expires_at, g.answered_at, g.answered_by, g.intervention_id::text"""
FROM = "live_suggestions g JOIN live_sessions s ON s.id = g.live_session_id"
WHERE = """
SELECT g.live_session_id FROM live_suggestions g JOIN organisations o ON o.id = g.organisation_id
 WHERE o.name = %s AND g.id = %s
"""
ONE = f"SELECT {COLUMNS} FROM {FROM} WHERE g.id = %(id)s"
ANSWER = """
UPDATE live_suggestions SET state = %(state)s, answered_at = %(at)s, answered_by = %(actor)s,
       intervention_id = %(intervention)s::uuid
 WHERE id = %(id)s
"""
SEVERAL = f"""
SELECT {COLUMNS} FROM {FROM} WHERE g.live_session_id = %(session)s AND (%(state)s::text IS NULL OR {STATE} = %(state)s)
 ORDER BY g.suggested_at DESC, g.id DESC LIMIT %(limit)s OFFSET %(offset)s
"""
# What it came of. The decision was written at the instant of the suggestion.
SOURCE = """
SELECT kinds, triggers, priorities, expected, facts FROM decisions WHERE id = %s AND at = %s
"""


def session(connection: Connection, organisation: str, suggestion_id: int) -> int:
    """The number of the live session that a suggestion is for. raises: NotFound."""
    row = connection.execute(WHERE, (organisation, suggestion_id)).fetchone()
    if row is None:
        raise NotFound(f"There is no suggestion {suggestion_id}.", fields=["id"])
    return int(row["live_session_id"])


def one(connection: Connection, suggestion_id: int, at: datetime, *, hold: bool = True) -> dict[str, Any]:
    """A suggestion as it stands at `at`; nobody else answers it until the transaction ends, if `hold`.

    Whoever holds it must hold the attention of its session (`rooms.rooms`): suggestions are let go under that too.
    """
    lock = " FOR NO KEY UPDATE OF g" if hold else ""
    row = connection.execute(ONE + lock, {"id": suggestion_id, "at": at}).fetchone()
    assert row is not None
    return row


def answer(
    connection: Connection,
    suggestion_id: int,
    state: str,
    *,
    at: datetime,
    actor: str,
    intervention: str | None = None,
) -> None:
    """Say what became of a suggestion that is held: approved or dismissed."""
    values = {"id": suggestion_id, "state": state, "at": at, "actor": actor, "intervention": intervention}
    connection.execute(ANSWER, values)


def source(connection: Connection, suggestion: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of the decision that a suggestion came of: kinds, triggers, priorities, expected, facts; None where forgotten."""
    return connection.execute(SOURCE, (suggestion["decision_id"], suggestion["suggested_at"])).fetchone()


def several(
    live_session_id: int, at: datetime, *, state: str | None, limit: int, offset: int
) -> Steps[list[dict[str, Any]]]:
    """Suggestions of a session, newest first, as they stand at `at`; those in a state."""
    values = {"session": live_session_id, "at": at, "state": state, "limit": limit, "offset": offset}
    return (yield Say(SEVERAL, values))
