"""Somebody with something waiting for them, as a tick would have planned it."""

from datetime import timedelta
from typing import Any

from tactful.decide import Rules
from tactful.decide.settings import HOLDOUT
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import asking
from tests.living import NOW, rows

# Nobody is held out: what waits may go.
RULES = Rules.from_settings(Settings({HOLDOUT.name: 0.0}))
ANA = ("acme", "ana")

PLAN = """
WITH planned AS (
  INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, channel,
                                 context, triggered_at, due_at, expires_at)
  SELECT id, organisation_id, %(kind)s, 5, 'test', 'planned', %(channel)s,
         '{"current_streak": 6}', %(at)s, %(at)s, %(expires)s FROM people WHERE external_id = 'ana' RETURNING *)
INSERT INTO deliveries (organisation_id, person_id, intervention_id, channel, due_at, expires_at)
SELECT organization_id, user_id, id, channel, due_at, expires_at FROM planned RETURNING intervention_id
"""
STANDING = """
SELECT i.state, i.shown_at, i.title, i.message, i.action, d.state AS delivery, d.attempts, d.sent_at, d.reference
  FROM intervention_logs i JOIN deliveries d ON d.intervention_id = i.id
"""


def plan(database: Database, channel: str, kind: str = "morning_ritual") -> int:
    """Let something wait for ana in `channel` until an hour from NOW; answers its id."""
    at = NOW - timedelta(minutes=1)
    seen = Event(id="first", person=ANA[1], kind="visit", occurred_at=at)
    with database.batch() as connection:
        run(connection, count_rows([(ANA[0], seen)], now=NOW))
        values = {"channel": channel, "kind": kind, "at": at, "expires": NOW + timedelta(hours=1)}
        planned = connection.execute(PLAN, values).fetchone()
    assert planned is not None
    return int(planned["intervention_id"])


def come_by(database: Database, minutes: float = 0) -> dict[str, Any]:
    """Hand ana what waits, that many minutes after NOW, and say how the one delivery there is stands."""
    asking.hand_over(database, RULES, [ANA], NOW + timedelta(minutes=minutes))
    return standing(database)


def standing(database: Database) -> dict[str, Any]:
    """How the one delivery there is and its intervention stand."""
    (row,) = rows(database, STANDING)
    return row
