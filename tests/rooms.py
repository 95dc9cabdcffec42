"""Live sessions with an audience, for tests: made, started, and how they are asked."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tactful.store.database import Connection, Database
from tactful.store.sensed import polls, votes
from tactful.store.sensed.polls import NewPoll
from tactful.store.sensed.votes import Vote
from tactful.store.steps import Steps, run

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MOST = 10
LUNCH = NewPoll("What is for lunch?", "multiple_choice", ["soup", "rice", "bread"], 60, "voted")


def live_session(
    connection: Connection, session: str = "keynote", *, organisation: str = "acme", state: str = "live"
) -> int:
    """Our number of a live session that began ten minutes before NOW."""
    connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 7) ON CONFLICT DO NOTHING", (organisation,))
    row = connection.execute(
        """INSERT INTO live_sessions (organisation_id, session_id, event_id, mode, state, started_at, ended_at, seed)
           SELECT id, %s, 'conference', 'manual', %s, %s, %s, 1 FROM organisations WHERE name = %s RETURNING id""",
        (session, state, NOW - timedelta(minutes=10), NOW if state == "ended" else None, organisation),
    ).fetchone()
    assert row is not None
    connection.execute(
        "INSERT INTO live_counts (live_session_id, organisation_id) SELECT id, organisation_id FROM live_sessions "
        "WHERE id = %s",
        (row["id"],),
    )
    return int(row["id"])


def go(database: Database, steps: Steps[Any]) -> Any:
    """Carry out steps in a transaction of their own."""
    with database.batch() as connection:
        return run(connection, steps)


def opened(database: Database, told: NewPoll = LUNCH, *, session: str = "keynote", now: datetime = NOW) -> str:
    """The id of a poll that was opened by hand."""
    return str(go(database, polls.open_poll("acme", session, told, now=now))["poll_id"])


def cast(database: Database, told: Sequence[Vote], *, now: datetime = NOW + timedelta(seconds=1)) -> list[Any]:
    """Count these votes as one group."""
    return list(go(database, votes.count_votes(told, now=now, most=MOST)))


def chosen(poll: str, participant: str, choice: int = 0, **more: Any) -> Vote:
    """Somebody's vote on a poll of the keynote."""
    return Vote("acme", "keynote", poll, participant, choice, **more)
