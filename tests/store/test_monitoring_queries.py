"""The seed's monitoring queries, as they stand there, against our tables."""

from datetime import UTC, datetime
from typing import Any

from tactful.kernel.records import Event
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.living import one, rows

DAILY = """
-- Daily intervention stats
SELECT
  intervention_type,
  COUNT(*) as total_sent,
  SUM(CASE WHEN user_response = 'engaged' THEN 1 ELSE 0 END) as engaged,
  SUM(CASE WHEN user_response = 'dismissed' THEN 1 ELSE 0 END) as dismissed,
  SUM(CASE WHEN user_response IS NULL THEN 1 ELSE 0 END) as ignored
FROM intervention_logs
WHERE triggered_at >= NOW() - INTERVAL '24 hours'
GROUP BY intervention_type;
"""
HELPED = """
-- Inline help effectiveness
SELECT
  help_type,
  COUNT(*) as shown,
  SUM(CASE WHEN user_response = 'accepted' THEN 1 ELSE 0 END) as accepted,
  SUM(CASE WHEN user_response = 'dismissed' THEN 1 ELSE 0 END) as dismissed
FROM inline_help_logs
WHERE shown_at >= NOW() - INTERVAL '7 days'
GROUP BY help_type;
"""
PRESENCE = """
-- User engagement with ambient features
SELECT
  DATE(last_seen_at) as date,
  COUNT(DISTINCT user_id) as active_users,
  AVG(quick_access_count_today) as avg_quick_access,
  AVG(inline_help_count_today) as avg_inline_help
FROM ambient_presence_states
WHERE last_seen_at >= NOW() - INTERVAL '7 days'
GROUP BY DATE(last_seen_at)
ORDER BY date DESC;
"""
SHOWN = """
INSERT INTO inline_help_logs (user_id, organization_id, help_type, page, about, title, message, decision_id, shown_at,
                              user_response)
SELECT p.id, p.organisation_id, kind, 'lesson', 'limits', 'x', 'x', 1, now() - interval '1 day' * age, response
  FROM people p CROSS JOIN (VALUES ('long_stay', 1, 'accepted'), ('long_stay', 2, 'dismissed'), ('long_stay', 3, NULL),
                                   ('long_stay', 8, 'accepted'), ('hesitation', 1, 'accepted'))
                     AS w (kind, age, response)
"""
PLANNED = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, triggered_at,
                               due_at, expires_at, user_response)
SELECT p.id, p.organisation_id, kind, 5, 'x', 'answered', now() - interval '1 hour' * age, now(), now(), response
  FROM people p CROSS JOIN (VALUES ('gentle_nudge', 1, 'engaged'), ('gentle_nudge', 2, 'dismissed'),
                                   ('gentle_nudge', 3, NULL), ('gentle_nudge', 30, 'engaged'),
                                   ('skill_refresh', 1, 'snoozed')) AS w (kind, age, response)
"""


def known(database: Database, *people: str) -> None:
    told = [Event(person, person, "visit", datetime(2026, 3, 1, tzinfo=UTC)) for person in people]
    with database.batch() as connection:
        run(connection, count_rows([("acme", each) for each in told], now=told[0].occurred_at))


def test_what_was_sent_in_a_day_is_counted_by_kind_and_answer(closed_database: Database) -> None:
    known(closed_database, "ana")
    with closed_database.batch() as connection:
        connection.execute(PLANNED.encode())
    counted: dict[str, Any] = {row.pop("intervention_type"): row for row in rows(closed_database, DAILY)}
    assert counted["gentle_nudge"] == {"total_sent": 3, "engaged": 1, "dismissed": 1, "ignored": 1}
    assert counted["skill_refresh"] == {"total_sent": 1, "engaged": 0, "dismissed": 0, "ignored": 0}


def test_inline_help_is_counted_by_type_and_answer(closed_database: Database) -> None:
    known(closed_database, "ana")
    with closed_database.batch() as connection:
        connection.execute(SHOWN.encode())
    counted: dict[str, Any] = {row.pop("help_type"): row for row in rows(closed_database, HELPED)}
    assert counted["long_stay"] == {"shown": 3, "accepted": 1, "dismissed": 1}
    assert counted["hesitation"] == {"shown": 1, "accepted": 1, "dismissed": 0}


def test_who_was_here_is_counted_by_day(closed_database: Database) -> None:
    known(closed_database, "ana", "boris")
    with closed_database.batch() as connection:
        connection.execute(
            b"INSERT INTO ambient_presence_states (user_id, organization_id, current_page, last_seen_at,"
            b" quick_access_count_today) SELECT id, organisation_id, 'lesson', now(), 3 FROM people"
        )
    (day,) = rows(closed_database, PRESENCE)
    assert (day["active_users"], day["avg_quick_access"], day["avg_inline_help"]) == (2, 3, 0)
    assert day["date"] == one(closed_database, "SELECT date(now())")
