"""What has become of people, worked out for all of them at once; and who needs us, with what to do first."""

from datetime import timedelta
from typing import Any

import pytest

from tactful.decide.actions import SURE_FROM
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import passing, patterns
from tests.living import NOW, one, rows, settle_in
from tests.store.sensed.talk import said, write

DEFAULT = Settings({})
ROW = "SELECT * FROM user_behavior_patterns b JOIN people p ON p.id = b.user_id WHERE p.external_id = %s"


def go(database: Database, at: Any = NOW) -> None:
    done = passing.go(database, patterns.NAME, DEFAULT, at=at)
    assert done is not None
    assert done.finished


def of(database: Database, person: str) -> dict[str, Any]:
    [row] = rows(database, ROW, person)
    return row


def at_risk(database: Database, person: str, *, score: float, level: str, sure: float = 0.5) -> None:
    """What the daily pass would write of somebody's risk."""
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO dropout_risk_scores (user_id, organization_id, risk_score, risk_level, risk_factors,
                                                confidence, days_silent, updated_at, calculated_at)
               SELECT id, organisation_id, %s, %s, '{declining_engagement}', %s, 9, %s, %s FROM people
                WHERE external_id = %s
                   ON CONFLICT DO NOTHING""",
            (score, level, sure, NOW, NOW, person),
        )


def needing(database: Database, *, limit: int = 20, at: Any = NOW) -> list[dict[str, Any]]:
    organisation = one(database, "SELECT id FROM organisations WHERE name = 'acme'")
    return patterns.needing(database, DEFAULT, organisation, at, limit=limit)


def test_everybody_who_was_ever_active_has_a_pattern(closed_database: Database) -> None:
    settle_in(closed_database, count=12)
    go(closed_database)
    active = one(closed_database, "SELECT count(*) FROM person_state")
    assert active == one(closed_database, "SELECT count(*) FROM user_behavior_patterns WHERE analyzed_at = %s", NOW)
    busiest = rows(
        closed_database,
        """SELECT person_id, most_active_hours[1] AS told,
                  (SELECT hour %% 24 FROM person_hour h WHERE h.person_id = s.person_id
                    GROUP BY 1 ORDER BY sum(events) DESC, 1 LIMIT 1) AS counted
             FROM person_state s JOIN user_behavior_patterns b ON b.user_id = s.person_id WHERE s.events > 0""",
    )
    assert busiest
    assert all(row["told"] == row["counted"] for row in busiest)


def test_topics_fade_and_the_ten_heaviest_are_kept(closed_database: Database) -> None:
    old = [said("ana", 0, days=60, id=f"o{n}", topics=["Algebra"]) for n in range(3)]
    gone = [said("ana", 0, days=91, id=f"g{n}", topics=["History"]) for n in range(30)]
    new = [said("ana", 0, days=n, id=f"n{n}", topics=["Geometry", f"only {n}"]) for n in range(12)]
    write(closed_database, *old, *gone, *new)
    go(closed_database)
    told = of(closed_database, "ana")["preferred_topics"]
    assert len(told) == 10
    assert [each["topic"] for each in told][:2] == ["Geometry", "only 0"]
    assert told[0]["weight"] == pytest.approx(sum(2 ** (-day / 30) for day in range(12)), abs=1e-3)
    # Three times a quarter.
    assert "Algebra" not in [each["topic"] for each in told]
    write(closed_database, said("ana", 0, topics=["Algebra"], id="again"))
    go(closed_database, NOW + timedelta(seconds=1))
    assert "Algebra" in [each["topic"] for each in of(closed_database, "ana")["preferred_topics"]]


def test_a_pass_looks_only_at_those_of_whom_there_is_something_new(closed_database: Database) -> None:
    write(closed_database, said("ana", -0.5, days=1), said("ben", 0.5, days=1))
    go(closed_database)
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_state SET changed_at = %s", (NOW - timedelta(days=2),))
        connection.execute("UPDATE user_behavior_patterns SET most_active_hours = '{}'")
    later = NOW + timedelta(hours=3)
    go(closed_database, later)
    assert of(closed_database, "ana")["most_active_hours"] == []
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_state SET changed_at = %s WHERE person_id = 1", (later,))
    go(closed_database, later + timedelta(hours=1))
    assert [bool(of(closed_database, person)["most_active_hours"]) for person in ("ana", "ben")] == [True, False]


def test_nothing_is_written_again_that_is_as_it_was(closed_database: Database) -> None:
    settle_in(closed_database, count=5)
    go(closed_database)
    before = rows(closed_database, "SELECT *, xmin::text FROM user_behavior_patterns ORDER BY id")
    go(closed_database, NOW + timedelta(minutes=30))
    assert rows(closed_database, "SELECT *, xmin::text FROM user_behavior_patterns ORDER BY id") == before


def test_who_needs_us_most_comes_first_with_what_to_do_and_why(closed_database: Database) -> None:
    write(
        closed_database,
        *[said("sad", -0.75, days=day, topics=["Exams"]) for day in (3, 4, 5)],
        *[said(person, 0.5, days=3, topics=["Fractions"]) for person in ("gone", "unsure", "glad")],
    )
    at_risk(closed_database, "gone", score=0.9, level="critical")
    at_risk(closed_database, "unsure", score=0.95, level="critical", sure=SURE_FROM - 0.01)
    at_risk(closed_database, "glad", score=0.1, level="low")
    go(closed_database)
    gone, sad = needing(closed_database)
    assert (gone["external_id"], gone["need"], gone["churn_risk_score"], gone["risk_level"]) == (
        "gone", 0.9, 0.9, "critical",
    )  # fmt: skip
    assert gone["needs_re_engagement"]
    assert gone["next_best_action"]["type"] == "dropout_risk"
    assert "They spoke of Fractions 3 days ago" in gone["next_best_action"]["reasons"]
    assert (sad["external_id"], sad["need"], sad["mood_trend"]) == ("sad", pytest.approx(0.75), "stable")
    assert sad["next_best_action"]["type"] == "low_mood"
    assert sad["next_best_action"]["reasons"][0] == (
        "They sound low: -0.75 of -1 to 1. Their last message was very negative."
    )
    assert [row["external_id"] for row in needing(closed_database, limit=1)] == ["gone"]
    assert [of(closed_database, name)["churn_risk_score"] for name in ("unsure", "glad", "sad")] == [0.95, 0.1, None]


def test_who_says_something_sad_needs_us_at_once(closed_database: Database) -> None:
    write(closed_database, said("ana", -0.5))
    [ana] = needing(closed_database)
    assert ana["need"] == 0.5
    at_risk(closed_database, "ana", score=0.8, level="high")
    go(closed_database)
    write(closed_database, said("ana", 1.0, id="2"))
    [ana] = needing(closed_database)
    assert (ana["need"], ana["mood"]) == (0.8, pytest.approx(0.25))


def test_a_low_mood_of_long_ago_is_no_need(closed_database: Database) -> None:
    write(closed_database, said("ana", -0.5))
    go(closed_database)
    assert needing(closed_database)
    later = NOW + timedelta(days=15)
    go(closed_database, later)
    assert needing(closed_database, at=later) == []


def test_a_name_is_shown_where_there_is_one(closed_database: Database) -> None:
    write(closed_database, said("ana", -0.5))
    with closed_database.batch() as connection:
        connection.execute("UPDATE people SET name = 'Ana Example'")
    [ana] = needing(closed_database)
    assert (ana["external_id"], ana["display_name"]) == ("ana", "Ana Example")
