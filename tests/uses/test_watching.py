"""What monitoring says of reaching people is what happened to them: counted here once more, by hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import rules_of
from tactful.decide.settings import HOLDOUT
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tactful.uses import ticking
from tactful.uses.watching import watched
from tests.living import one, rows

AT = datetime(2026, 3, 4, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SIZE = 40
# Half of them are left alone.
RULES = rules_of(Settings({HOLDOUT.name: 0.5}))


def came(database: Database, who: range, *at: datetime, organisation: str = "acme") -> None:
    told = [Event(f"{person}-{when}", str(person), "visit", when) for person in who for when in at]
    with database.batch() as connection:
        run(connection, count_rows([(organisation, each) for each in told], now=max(at)))


def told(database: Database, until: datetime, *, days: int = 60, organisation: str = "acme") -> dict[str, Any]:
    number = one(database, "SELECT id FROM organisations WHERE name = %s", organisation)
    return watched(database, RULES, number, "dropout", since=until - days * DAY, until=until)


def quiet_now(database: Database) -> None:
    """Forty people who came every day for three weeks and stopped ten days ago."""
    came(database, range(SIZE), *(AT - (10 + number) * DAY for number in range(21)))
    with database.batch() as connection:
        connection.execute("UPDATE people SET holdout_bucket = CASE id % 2 WHEN 0 THEN 100 ELSE 9000 END")


@pytest.fixture
def silent(closed_database: Database) -> Database:
    """People who fell silent, and a tick that saw them."""
    quiet_now(closed_database)
    assert ticking.tick(closed_database, RULES, at=AT, everybody=True) is not None
    return closed_database


def test_who_was_reached_and_who_came_back_is_counted_beside_those_left_alone(silent: Database) -> None:
    planned = {row["user_id"] for row in rows(silent, "SELECT user_id FROM intervention_logs WHERE state <> 'shadow'")}
    people = {int(row["external_id"]): row["id"] for row in rows(silent, "SELECT id, external_id FROM people")}
    held = {number for number in people.values() if number % 2 == 0}
    assert planned == set(people.values()) - held
    back = range(12)
    came(silent, back, AT + 2 * DAY)
    figures = told(silent, AT + 40 * DAY)["success"]["at_risk"]
    assert (figures["reached"]["tries"], figures["reached"]["hits"]) == (SIZE, len(planned))
    returned = {people[person] for person in back}
    for part, group in (("reached", planned), ("held_out", held)):
        counted = figures["returned"][part]
        assert (counted["tries"], counted["hits"]) == (len(group), len(group & returned))
        assert counted["low"] < counted["value"] < counted["high"]
    assert figures["returned"]["not_reached"]["value"] is None
    assert figures["effect"]["low"] < 0 < figures["effect"]["high"]


def test_what_cannot_be_known_yet_is_not_counted(silent: Database) -> None:
    came(silent, range(12), AT + 2 * DAY)
    figures = told(silent, AT + 5 * DAY)["success"]["at_risk"]
    assert figures["reached"]["tries"] == SIZE
    assert figures["returned"]["reached"]["value"] is None
    assert figures["effect"] is None


def test_sessions_within_an_hour_and_a_day_of_a_message_are_counted(silent: Database) -> None:
    came(silent, range(8), AT + timedelta(minutes=30))
    came(silent, range(8, 20), AT + timedelta(hours=5))
    (kind,) = {row["chosen"] for row in rows(silent, "SELECT DISTINCT chosen FROM decisions WHERE result = 'acted'")}
    figures = told(silent, AT + 2 * DAY)["success"]["kinds"][kind]
    for measure, back in (("within_hour", range(8)), ("within_day", range(20))):
        sessions = figures[measure]
        assert sessions["reached"]["tries"] + sessions["held_out"]["tries"] == SIZE
        assert sessions["reached"]["hits"] + sessions["held_out"]["hits"] == len(back)
        assert sessions["effect"]["low"] <= sessions["effect"]["value"] <= sessions["effect"]["high"]


def test_answers_are_counted_of_what_was_shown(silent: Database) -> None:
    answer = (
        "UPDATE intervention_logs SET shown_at = %s, user_response = %s, state = 'answered' WHERE user_id %% 20 = %s"
    )
    with silent.batch() as connection:
        connection.execute(answer, (AT, "engaged", 1))
        connection.execute(answer, (AT, "dismissed", 3))
        connection.execute(answer, (AT, "snoozed", 5))
    (figures,) = told(silent, AT + 1 * DAY)["success"]["kinds"].values()
    assert (figures["accepted"]["tries"], figures["accepted"]["hits"]) == (4, 2)
    (later,) = told(silent, AT + 20 * DAY)["success"]["kinds"].values()
    assert (later["accepted"]["tries"], later["accepted"]["hits"]) == (6, 2)
    assert (later["shown"]["tries"], later["shown"]["hits"]) == (20, 6)


FOUND = """
INSERT INTO learning_plateaus (user_id, organization_id, topic, skill_id, days_on_topic, attempts, mastery_level,
                               mastery_improvement, mastery_found, detected_at, resolved, is_active, resolved_at)
SELECT id, organisation_id, 'Algebra', 'x', 8, 16, .5, 0, .5, %(at)s, id % 4 = 1, id % 4 <> 1,
       CASE WHEN id % 4 = 1 THEN %(at)s + interval '3 days' END FROM people
"""
TAKEN = """
INSERT INTO intervention_logs (user_id, organization_id, intervention_type, priority, trigger, state, triggered_at,
                               due_at, expires_at, shown_at, user_response, responded_at, context)
SELECT p.user_id, p.organization_id, 'alternative_approach', 6, 'stuck_on_topic', 'answered', %(at)s, %(at)s, %(at)s,
       %(at)s, 'engaged', %(at)s, jsonb_build_object('plateau_id', p.id)
  FROM learning_plateaus p WHERE p.user_id % 8 IN (1, 3)
"""
LOST = """
INSERT INTO skill_regressions (user_id, organization_id, skill_id, skill_name, peak_mastery, current_mastery,
    regression_amount, days_since_practice, last_practiced_at, urgency, reminder_sent, reminder_sent_at, user_reviewed,
    reviewed_at, detected_at, updated_at)
SELECT id, organisation_id, 'x', 'X', .9, .5, .4, 40, %(at)s, CASE WHEN id % 8 = 7 THEN 'low' ELSE 'high' END,
       id % 8 = 1, CASE WHEN id % 8 = 1 THEN %(at)s + interval '1 day' END, id % 8 < 4,
       CASE WHEN id % 8 < 4 THEN %(at)s + interval '2 days' END, %(at)s, %(at)s FROM people
"""


def test_what_became_of_it_is_told_with_help_and_without(silent: Database) -> None:
    with silent.batch() as connection:
        for statement in (FOUND, TAKEN, LOST):
            connection.execute(statement.replace(" % ", " %% "), {"at": AT})
    ids = [row["id"] for row in rows(silent, "SELECT id FROM people")]
    assert told(silent, AT + 13 * DAY)["success"]["help"]["plateau"]["with_help"]["value"] is None
    figures = told(silent, AT + 15 * DAY)["success"]["help"]
    odd = [number for number in ids if number % 2]

    def counts(part: dict[str, Any]) -> tuple[int, int]:
        return part["tries"], part["hits"]

    took = [number for number in odd if number % 8 in (1, 3)]
    assert counts(figures["plateau"]["with_help"]) == (len(took), sum(number % 4 == 1 for number in took))
    rest = set(odd) - set(took)
    assert counts(figures["plateau"]["without_help"]) == (len(rest), sum(number % 4 == 1 for number in rest))
    assert counts(figures["plateau"]["held_out"]) == (SIZE - len(odd), 0)
    assert counts(figures["regression"]["with_help"]) == (5, 5)
    assert counts(figures["regression"]["without_help"]) == (10, 5)


def test_an_organisation_sees_its_own_figures_alone_and_nothing_where_nothing_was(silent: Database) -> None:
    came(silent, range(3), AT, organisation="umbrella")
    figures = told(silent, AT + 40 * DAY, organisation="umbrella")
    assert figures["success"]["kinds"] == {}
    assert figures["success"]["at_risk"]["reached"]["value"] is None
    assert figures["success"]["help"]["plateau"]["with_help"]["value"] is None
    assert figures["coverage"]["active"] == 3
    assert told(silent, AT + 400 * DAY)["success"]["kinds"] == {}


def test_coverage_counts_of_whom_something_is_believed(silent: Database) -> None:
    others = dict.fromkeys(("plateau", "forgetting", "struggle", "timing", "mood_trend"), 0)
    assert told(silent, AT)["coverage"] == {"active": SIZE, "dropout": SIZE, **others}
    assert told(silent, AT, days=5)["coverage"] == {"active": 0, "dropout": 0, **others}


HOURS = """
INSERT INTO user_timing_profiles (user_id, organization_id, confidence, good_hours, created_at, updated_at)
SELECT id, organisation_id, CASE WHEN id % 4 = 1 THEN .7 ELSE .5 END,
       array_fill(CASE WHEN id % 4 = 1 THEN 1 << 12 ELSE 1 << 3 END, ARRAY[7]), %(at)s, %(at)s
  FROM people WHERE id % 8 <> 7
"""


@pytest.fixture
def timed(closed_database: Database) -> Database:
    """Like `silent`, but the hours of some were known before the tick."""
    quiet_now(closed_database)
    with closed_database.batch() as connection:
        connection.execute(HOURS.replace(" % ", " %% "), {"at": AT - DAY})
    assert ticking.tick(closed_database, RULES, at=AT, everybody=True) is not None
    return closed_database


def by_hour(database: Database) -> dict[str, Any]:
    within_day: dict[str, Any] = told(database, AT + 2 * DAY)["success"]["timing"]["by_hour"]["within_day"]
    return within_day


def test_messages_in_good_hours_are_told_beside_others(timed: Database) -> None:
    came(timed, range(SIZE), AT + timedelta(hours=5))
    figures = told(timed, AT + 2 * DAY)
    assert figures["timing_confidence"] == {0.0: 5, 0.5: 25, 0.7: 10}
    timing = figures["success"]["timing"]
    # It was twelve by their clock; of the twenty who were reached, ten have that hour, five another, five none.
    assert [by_hour(timed)[part]["tries"] for part in ("well_timed", "other_time")] == [10, 5]
    within_hour = timing["by_hour"]["within_hour"]
    assert [within_hour[part]["hits"] for part in ("well_timed", "other_time")] == [0, 0]
    assert by_hour(timed)["lift"]["value"] == 0
    assert [timing["by_kind"]["within_day"][part]["tries"] for part in ("nudge", "message")] == [0, 20]
    assert timing["by_kind"]["within_day"]["lift"] is None


def test_hours_learned_from_what_came_of_a_message_do_not_make_it_well_timed(timed: Database) -> None:
    came(timed, range(SIZE), AT + timedelta(hours=5))
    before = by_hour(timed)
    with timed.batch() as connection:
        connection.execute("UPDATE user_timing_profiles SET good_hours = array_fill(1 << 12, ARRAY[7])")
    assert by_hour(timed) == before


def test_messages_of_which_it_was_not_kept_whether_the_hour_was_good_are_left_out(timed: Database) -> None:
    with timed.batch() as connection:
        connection.execute("UPDATE decisions SET facts = facts - 'good_hour'")
    assert [by_hour(timed)[part]["tries"] for part in ("well_timed", "other_time")] == [0, 0]


ASKED = """
INSERT INTO struggle_predictions (user_id, organization_id, content_id, content_type, struggle_probability, confidence,
                                  intervention_offered, intervention_accepted, actual_struggled, predicted_at)
SELECT id, organisation_id, 'lesson', 'lesson', .8, .9, id <= 20, CASE WHEN id <= 10 THEN id <= 6 END,
       CASE WHEN id <= 16 THEN id % 2 = 0 END, %(at)s FROM people
"""


def test_help_with_what_may_be_hard_is_told_with_what_came_of_it(silent: Database) -> None:
    with silent.batch() as connection:
        connection.execute(ASKED.replace(" % ", " %% "), {"at": AT})

    def counts(figures: dict[str, Any], name: str) -> tuple[int, int]:
        part = figures["success"]["help"]["struggle"][name]
        return part["tries"], part["hits"]

    early, late = told(silent, AT + DAY), told(silent, AT + 8 * DAY)
    assert counts(early, "accepted") == (10, 6)
    assert counts(late, "accepted") == (20, 6)
    assert (counts(late, "with_help"), counts(late, "without_help")) == ((6, 3), (10, 5))
    assert late["success"]["help"]["struggle"]["held_out"]["value"] is None


def test_what_was_told_of_struggling_is_held_to_what_came(silent: Database) -> None:
    with silent.batch() as connection:
        connection.execute(ASKED.replace(" % ", " %% "), {"at": AT})
        connection.execute(
            "UPDATE struggle_predictions SET cold_score = CASE WHEN user_id %% 2 = 0 THEN .9 ELSE .1 END", ()
        )
    number = one(silent, "SELECT id FROM organisations")
    told = watched(silent, RULES, number, "struggle", since=AT - DAY, until=AT + DAY)
    assert (told["beliefs"], told["settled"]) == (SIZE, 16)
    assert told["figures"]["cold"]["auc"]["value"] == 1
    # What the rule says is no learned chance, however it is told.
    assert set(told["figures"]) == {"cold"}
    with silent.batch() as connection:
        connection.execute("UPDATE struggle_predictions SET learned = true", ())
    told = watched(silent, RULES, number, "struggle", since=AT - DAY, until=AT + DAY)
    assert told["figures"]["learned"]["auc"]["value"] == 0.5
