"""Explaining a moment later tells what would have been told then, not what has become of it since."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.decide import Rules
from tactful.decide.settings import HOLDOUT, MAX_PER_DAY, RITUAL_DAYS
from tactful.kernel.settings import Settings
from tactful.store.database import Connection, Database
from tactful.uses import asking, story, ticking
from tests.living import NOW, rows, settle_in

# One nudge a day: whoever was reached has had their day.
SETTINGS = Settings({HOLDOUT.name: 0.0, MAX_PER_DAY.name: 1})
RULES = Rules.from_settings(SETTINGS)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
BEFORE, AFTER = NOW - 5 * MINUTE, NOW + 5 * MINUTE


def explained(database: Database, person: str, at: datetime, rules: Rules = RULES) -> list[str]:
    told = story.at(database, rules, "acme", person, at, past=True)
    assert not told["stored"]
    return [line for line in told["words"] if not line.startswith("The ledger")]


@pytest.fixture
def people(closed_database: Database) -> Database:
    """People with a past, described and ticked about before anything else here happens."""
    settle_in(closed_database, now=NOW)
    with closed_database.batch() as connection:
        long_ago = NOW - timedelta(days=60)
        connection.execute("UPDATE people SET created_at = %s, updated_at = %s", (long_ago, long_ago))
    return closed_database


def reached(database: Database) -> list[str]:
    """Who was reached by a tick at NOW."""
    ticking.tick(database, RULES, at=NOW, everybody=True)
    found = rows(
        database,
        """SELECT DISTINCT p.external_id FROM intervention_logs i JOIN people p ON p.id = i.user_id
            WHERE state = 'planned' AND intervention_type <> 'milestone_celebration' ORDER BY 1""",
    )
    assert len(found) > 5
    return [row["external_id"] for row in found]


def change(database: Database, query: str, *values: Any) -> None:
    with database.batch() as connection:
        connection.execute(query, values)


def test_what_was_done_later_does_not_stand_in_its_way(people: Database) -> None:
    ticking.tick(people, RULES, at=NOW - HOUR)
    everybody = [row["external_id"] for row in rows(people, "SELECT external_id FROM people")]
    then = {person: explained(people, person, BEFORE) for person in everybody}
    later = reached(people)
    assert {person: explained(people, person, BEFORE) for person in everybody} == then
    assert all("as often as" not in line and "already waiting" not in line for line in then[later[0]])


def test_what_had_been_done_by_then_does(people: Database) -> None:
    person = reached(people)[0]
    at_once = story.at(people, RULES, "acme", person, AFTER)["words"]
    told = explained(people, person, AFTER)
    assert told == [line for line in at_once if not line.startswith("The ledger")]
    assert any("as often as" in line for line in told)
    assert any("already waiting" in line for line in told)
    change(people, "UPDATE attention SET sent_today = 0, last_by_kind = '{}', last_outreach_at = NULL")
    change(people, "UPDATE intervention_logs SET state = 'shown', shown_at = %s", AFTER + MINUTE)
    assert explained(people, person, AFTER) == told
    assert not any("already waiting" in line for line in explained(people, person, AFTER + 2 * MINUTE))


def test_a_release_counts_from_its_release(people: Database) -> None:
    person = reached(people)[0]
    change(people, "UPDATE intervention_logs SET triggered_at = %s, due_at = %s", NOW - 3 * HOUR, NOW)
    told = explained(people, person, BEFORE)
    assert any("already waiting" in line for line in told)
    assert not any("as often as" in line for line in told)


def test_the_settings_are_those_of_the_last_tick_before(people: Database) -> None:
    reached(people)
    stricter = Rules.from_settings(SETTINGS.replace(**{RITUAL_DAYS.name: 3}))
    ticking.tick(people, stricter, at=NOW + HOUR)
    silent = """SELECT external_id FROM people p JOIN person_state s ON s.person_id = p.id
                 WHERE streak_day < %s ORDER BY p.id"""
    gone = rows(people, silent, NOW.date() - timedelta(days=9))[0]["external_id"]
    assert any("the limit is 7 days" in line for line in explained(people, gone, AFTER, stricter))
    assert any("the limit is 3 days" in line for line in explained(people, gone, AFTER + HOUR, RULES))
    assert any("No tick had run by then" in line for line in explained(people, gone, NOW - HOUR, RULES))


PAUSED = "An operator paused this."


def audited(connection: Connection, act: str, at: datetime) -> None:
    connection.execute(
        """INSERT INTO audit_log (organisation_id, at, actor, act, detail)
           VALUES (1, %s, 'ola', %s, '{"scope": "organisation", "name": ""}')""",
        (at, act),
    )


def test_pauses_are_those_of_then(people: Database) -> None:
    ticking.tick(people, RULES, at=NOW - HOUR)
    person = reached(people)[0]
    with people.batch() as connection:
        audited(connection, "pause", BEFORE - MINUTE)
        audited(connection, "end pause", BEFORE + MINUTE)
        connection.execute(
            """INSERT INTO pauses (organisation_id, scope, actor, since) VALUES (1, 'organisation', 'ola', %s)""",
            (AFTER + MINUTE,),
        )
    found = {at: any(PAUSED in line for line in explained(people, person, at))
             for at in (BEFORE - 2 * MINUTE, BEFORE, BEFORE + 2 * MINUTE, AFTER, AFTER + 2 * MINUTE)}  # fmt: skip
    assert list(found.values()) == [False, True, False, False, True]


def test_what_could_not_be_taken_back_is_named(people: Database) -> None:
    person = reached(people)[0]
    assert not any("those of now" in line for line in explained(people, person, BEFORE))
    change(
        people,
        """INSERT INTO user_notification_preferences (user_id, organization_id, max_notifications_per_day, dnd_enabled,
                                                      created_at, updated_at)
           SELECT id, organisation_id, 5, true, %s, %s FROM people""",
        AFTER,
        AFTER + HOUR,
    )
    change(people, "UPDATE people SET updated_at = %s", AFTER)
    early, late = explained(people, person, BEFORE), explained(people, person, AFTER + MINUTE)
    assert not any("preferences" in line or "do not disturb" in line for line in early), "they had said nothing yet"
    assert any("consent and time zone are those of now" in line for line in early)
    assert any("Their preferences were changed on 2026-03-04" in line for line in late)
    assert not any("consent and time zone" in line for line in late)
    change(people, "UPDATE people SET created_at = updated_at")
    assert not any("consent and time zone" in line for line in explained(people, person, BEFORE))


def test_explaining_changes_nothing(people: Database) -> None:
    person = reached(people)[0]
    everything = (
        "SELECT (SELECT jsonb_agg(a ORDER BY person_id) FROM attention a) AS a, (SELECT count(*) FROM pauses) AS p"
    )
    before = rows(people, everything)
    explained(people, person, BEFORE)
    assert rows(people, everything) == before
    asking.ask(people, RULES, "acme", person, AFTER)
    assert rows(people, "SELECT count(*) AS asked FROM decisions WHERE at = %s", AFTER) == [{"asked": 1}]


def test_what_is_told_of_a_past_whose_events_are_gone_says_so(people: Database) -> None:
    (someone,) = rows(
        people,
        """SELECT p.external_id, percentile_disc(0.5) WITHIN GROUP (ORDER BY e.occurred_at) AS middle FROM people p
             JOIN events e ON e.person_id = p.id GROUP BY p.id HAVING count(*) > 20 ORDER BY p.id LIMIT 1""",
    )
    gap = "is kept only as what it adds up to (store.event_days)"
    assert gap not in " ".join(explained(people, someone["external_id"], BEFORE))
    change(people, "DELETE FROM events WHERE occurred_at < %s", someone["middle"])
    half = f"What they did before {someone['middle']:%Y-%m-%d} {gap}, so less is known here than was known then."
    assert half in explained(people, someone["external_id"], BEFORE)
    change(people, "DELETE FROM events")
    assert f"What they did {gap}" in " ".join(explained(people, someone["external_id"], BEFORE))
