"""Interventions as a tick would have decided them, with words of a test's own."""

from datetime import timedelta
from typing import Any

from tactful.kernel.clock import SystemClock
from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.browser.pages import ORGANISATION
from tests.living import one, rows

INSERT = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, title, message,
                               action, triggered_at, due_at, shown_at, expires_at)
SELECT id, organisation_id, %(kind)s, %(priority)s, %(trigger)s, 'shown', %(title)s, %(message)s, %(action)s,
       %(at)s, %(at)s, %(at)s, %(at)s + interval '3 hours' FROM people WHERE external_id = %(person)s RETURNING id
"""


def known(database: Database, person: str) -> None:
    """Have somebody be known of."""
    at = SystemClock().now() - timedelta(minutes=1)
    with database.batch() as connection:
        seen = Event(id=f"first-{person}", person=person, kind="visit", occurred_at=at)
        run(connection, count_rows([(ORGANISATION, seen)], now=at))


def planned(database: Database, person: str, **changes: Any) -> int:
    """An intervention that the person may see. changes: of its columns, `kind` for its type."""
    known(database, person)
    values = {
        "person": person,
        "kind": "gentle_nudge",
        "priority": 5,
        "title": "There you are",
        "message": "The place where you stopped is marked.",
        "action": "resume",
        "trigger": "test",
        "at": SystemClock().now() - timedelta(minutes=1),
    }
    with database.batch() as connection:
        row = connection.execute(INSERT, values | changes).fetchone()
    assert row is not None
    return int(row["id"])


def response(database: Database, number: int) -> str | None:
    """What is stored of the answer to an intervention."""
    found = one(database, "SELECT user_response FROM intervention_logs WHERE id = %s", number)
    return None if found is None else str(found)


def presence(database: Database, person: str) -> dict[str, Any] | None:
    """Where somebody was last, as stored."""
    found = rows(
        database,
        "SELECT s.* FROM ambient_presence_states s JOIN people p ON p.id = s.user_id WHERE p.external_id = %s",
        person,
    )
    return found[0] if found else None
