"""What was said to people is forgotten in time, with all that hangs on it; and what they agreed to is not."""

from datetime import datetime, timedelta

import pytest

from tactful.facts.milestones import STALE
from tactful.store.database import Database
from tactful.store.running import housekeeping
from tactful.store.running.housekeeping import Retention
from tests.living import NOW, one, rows
from tests.uses.sending import met, plan

KEEP = Retention(keys=400, ledger=400, jobs=30, interventions=60)
# What expires six hours after NOW was over for sixty days then.
EARLY, LATE = (NOW + timedelta(days=60, hours=hours) for hours in (5, 7))


def forget(database: Database, at: datetime) -> None:
    with database.batch() as connection:
        housekeeping.forget(connection, at=at, keep=KEEP)
        while housekeeping.forget_beliefs(connection, at=at, keep=KEEP):
            continue


def said(database: Database, statement: str, **values: object) -> None:
    with database.batch() as connection:
        connection.execute(statement, {"at": NOW, **values})


def count(database: Database, table: str) -> int:
    return int(one(database, f"SELECT count(*) FROM {table}"))


@pytest.mark.parametrize("state", ["sent", "refused", "unknown", "due", "withdrawn"])
def test_deliveries_go_with_what_was_said_whatever_became_of_them(state: str, closed_database: Database) -> None:
    met(closed_database, "ana")
    plan(closed_database, "ana")
    said(closed_database, "UPDATE deliveries SET state = %(state)s", state=state)
    forget(closed_database, EARLY)
    assert (count(closed_database, "intervention_logs"), count(closed_database, "deliveries")) == (1, 1)
    forget(closed_database, LATE)
    assert (count(closed_database, "intervention_logs"), count(closed_database, "deliveries")) == (0, 0)


def test_what_was_asked_for_goes_once_it_has_been_over_for_long(closed_database: Database) -> None:
    met(closed_database, "ana")
    said(
        closed_database,
        """INSERT INTO proactive_outreach (user_id, organization_id, outreach_type, priority_score, trigger, status,
             scheduled_time, expires_at, closed_at)
           SELECT id, organisation_id, 'check_in', 1, 'test', 'chosen', %(at)s, %(at)s, c
             FROM people, unnest(ARRAY[%(at)s, NULL]::timestamptz[]) c""",
    )
    forget(closed_database, NOW + timedelta(days=60))
    assert count(closed_database, "proactive_outreach") == 2
    forget(closed_database, NOW + timedelta(days=61))
    assert rows(closed_database, "SELECT closed_at FROM proactive_outreach") == [{"closed_at": None}]


def test_addresses_go_at_which_nobody_has_been_for_long_and_those_of_who_shut_us_out_stay(
    closed_database: Database,
) -> None:
    for channel in ("line", "gone", "blocked"):
        met(closed_database, "ana", channel=channel)
    said(
        closed_database,
        "UPDATE addresses SET disabled_at = %(at)s, disabled_because = channel WHERE channel <> 'line'",
    )
    forget(closed_database, NOW + timedelta(days=60))
    assert count(closed_database, "addresses") == 3
    forget(closed_database, NOW + timedelta(days=61))
    left = rows(closed_database, "SELECT channel FROM addresses ORDER BY channel")
    assert [row["channel"] for row in left] == ["blocked", "line"]


def test_links_that_nobody_followed_go_when_they_are_over(closed_database: Database) -> None:
    met(closed_database, "ana")
    said(
        closed_database,
        """INSERT INTO links (mark, organisation_id, person_id, channel, expires_at)
           SELECT 'mark', organisation_id, id, 'line', %(at)s FROM people""",
    )
    forget(closed_database, NOW)
    assert count(closed_database, "links") == 1
    forget(closed_database, NOW + timedelta(seconds=1))
    assert count(closed_database, "links") == 0


def test_milestones_nobody_was_told_of_are_silent_in_the_end(closed_database: Database) -> None:
    met(closed_database, "ana")
    said(
        closed_database,
        """INSERT INTO user_milestone_progress (user_id, organization_id, milestone_name, display_name, metric_name,
             target_value, current_value, difficulty_level, points, achieved_at, noticed_at)
           SELECT id, organisation_id, 'first_step', 'First step', 'total_events', 1, 1, 1, 10, %(at)s, %(at)s
             FROM people""",
    )
    celebrated = "SELECT celebration FROM user_milestone_progress"
    forget(closed_database, NOW + timedelta(days=STALE))
    assert one(closed_database, celebrated) == "waiting"
    forget(closed_database, NOW + timedelta(days=STALE, seconds=1))
    assert one(closed_database, celebrated) == "silent"


def test_what_somebody_agreed_to_and_that_somebody_was_erased_is_never_forgotten(closed_database: Database) -> None:
    met(closed_database, "ana")
    said(
        closed_database,
        """INSERT INTO consent_changes (person_id, organisation_id, at, purpose, given, source)
           SELECT id, organisation_id, %(at)s, 'outreach', true, 'person' FROM people""",
    )
    said(
        closed_database,
        """INSERT INTO erased_people (organisation_id, mark, erased_at) SELECT id, 'mark', %(at)s FROM organisations""",
    )
    said(
        closed_database,
        """INSERT INTO audit_log (organisation_id, at, actor, act) SELECT id, %(at)s, 'olga', 'erase person'
             FROM organisations""",
    )
    forget(closed_database, NOW + timedelta(days=4000))
    assert [count(closed_database, table) for table in ("consent_changes", "erased_people", "audit_log")] == [1, 1, 1]


def test_marks_of_what_was_heard_in_chats_go_after_three_days(closed_database: Database) -> None:
    said(
        closed_database,
        "INSERT INTO chat_heard (channel, account, key, heard_at) VALUES ('telegram', 'bot', '1', %(at)s)",
    )
    forget(closed_database, NOW + timedelta(days=3))
    assert count(closed_database, "chat_heard") == 1
    forget(closed_database, NOW + timedelta(days=3, seconds=1))
    assert count(closed_database, "chat_heard") == 0
