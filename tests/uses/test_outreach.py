"""What is asked for waits for a good hour, the most valuable wins, small things go together, and each is told of."""

from datetime import datetime, timedelta
from typing import Any

from psycopg.types.json import Jsonb

from tactful.decide import Rules
from tactful.decide.settings import HOLDOUT
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import asking, ticking
from tests.living import NOW, one, rows
from tests.uses.sending import CHANNEL, met

# By the clock of everybody here, who live in UTC; NOW is half past five in the afternoon.
MORNING, NOON = NOW.replace(hour=9, minute=0), NOW.replace(hour=12, minute=0)
# One thing at a time: a milestone would come before what is asked for.
QUIET = Settings({HOLDOUT.name: 0.0, SWITCHES["milestone_reached"].name: False})
OUTSIDE = Rules.from_settings(QUIET).replace(channels=frozenset({CHANNEL}))


def ask(database: Database, kind: str, worth: float, *, at: datetime = MORNING, who: str = "ana", **about: Any) -> None:
    with database.batch() as connection:
        connection.execute(
            """INSERT INTO proactive_outreach (user_id, organization_id, outreach_type, priority_score, trigger,
                 context_data, scheduled_time, expires_at, created_at)
               SELECT id, organisation_id, %s, %s, 'test', %s, %s, %s, %s FROM people WHERE external_id = %s""",
            (kind, worth, Jsonb(about), at, at + timedelta(days=3), at - timedelta(hours=1), who),
        )
        connection.execute("UPDATE person_state SET next_due_at = '-infinity'")


def asked(database: Database) -> list[tuple[str, str]]:
    found = rows(database, "SELECT outreach_type, status FROM proactive_outreach ORDER BY id")
    return [(row["outreach_type"], row["status"]) for row in found]


def planned(database: Database) -> list[dict[str, Any]]:
    return rows(
        database,
        """SELECT i.id, i.intervention_type AS kind, i.trigger, i.channel, i.context, d.channel AS goes, d.address_id
             FROM intervention_logs i LEFT JOIN deliveries d ON d.intervention_id = i.id
            ORDER BY i.id""",
    )


def test_it_waits_for_an_hour_at_which_nobody_minds(closed_database: Database) -> None:
    met(closed_database, "ana")
    ask(closed_database, "topic_follow_up", 0.7, topic="Fractions")
    ticking.tick(closed_database, OUTSIDE, at=MORNING + timedelta(minutes=30))
    assert planned(closed_database) == []
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    (row,) = planned(closed_database)
    assert (row["kind"], row["trigger"], row["channel"]) == ("topic_follow_up", "asked_topic_follow_up", CHANNEL)
    assert row["context"]["asked"] == {"topic": "Fractions"}
    assert asked(closed_database) == [("topic_follow_up", "chosen")]


def test_the_most_valuable_wins_not_the_first_and_the_others_wait(closed_database: Database) -> None:
    met(closed_database, "ana")
    ask(closed_database, "check_in", 0.5)
    ask(closed_database, "topic_follow_up", 0.9, topic="Fractions")
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    assert [row["kind"] for row in planned(closed_database)] == ["topic_follow_up"]
    assert asked(closed_database) == [("check_in", "scheduled"), ("topic_follow_up", "chosen")]
    # Once a day at most; the next day it is the other one's turn.
    ticking.tick(closed_database, OUTSIDE, at=NOON + timedelta(hours=2))
    assert len(planned(closed_database)) == 1
    ticking.tick(closed_database, OUTSIDE, at=NOON + timedelta(days=1), everybody=True)
    assert "check_in" in [row["kind"] for row in planned(closed_database)]


def test_several_small_things_go_as_one(closed_database: Database) -> None:
    met(closed_database, "ana")
    ask(closed_database, "feature_suggestion", 0.2, feature="The map")
    ask(closed_database, "topic_follow_up", 0.3, topic="Fractions")
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    (row,) = planned(closed_database)
    assert row["kind"] == "weekly_digest"
    assert [each["about"] for each in row["context"]["folded"]] == [{"topic": "Fractions"}, {"feature": "The map"}]
    assert asked(closed_database) == [("feature_suggestion", "folded"), ("topic_follow_up", "folded")]


def test_a_single_small_thing_goes_alone(closed_database: Database) -> None:
    met(closed_database, "ana")
    ask(closed_database, "feature_suggestion", 0.2, feature="The map")
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    assert [row["kind"] for row in planned(closed_database)] == ["feature_suggestion"]


def test_what_had_no_moment_expires(closed_database: Database) -> None:
    met(closed_database, "ana")
    ask(closed_database, "check_in", 0.9)
    with closed_database.batch() as connection:
        connection.execute("""UPDATE people SET consent = '{"outreach": false}'""")
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    assert asked(closed_database) == [("check_in", "scheduled")]
    ticking.tick(closed_database, OUTSIDE, at=NOON + timedelta(days=4))
    assert asked(closed_database) == [("check_in", "expired")]
    assert one(closed_database, "SELECT count(*) FROM intervention_logs WHERE channel = 'line'") == 0


def test_who_cannot_be_found_outside_is_told_inside_in_words_about_it(closed_database: Database) -> None:
    met(closed_database, "ana", channel="another")
    ask(closed_database, "topic_follow_up", 0.7, topic="Fractions")
    ticking.tick(closed_database, OUTSIDE, at=NOON)
    asking.hand_over(closed_database, OUTSIDE, [("acme", "ana")], NOON + timedelta(minutes=5))
    (row,) = rows(closed_database, "SELECT channel, state, title FROM intervention_logs WHERE trigger LIKE 'asked%%'")
    assert (row["channel"], row["state"]) == ("in_app", "shown")
    assert "Fractions" in row["title"]


def test_a_sad_message_is_a_reason_for_a_day(closed_database: Database) -> None:
    met(closed_database, "ana")
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO user_behavior_patterns (user_id, organization_id, last_sentiment, last_interaction_at, mood)
               SELECT id, organisation_id, 'very_negative', %s, -0.7 FROM people""",
            (MORNING,),
        )
    ticking.tick(closed_database, OUTSIDE, at=NOON, everybody=True)
    (row,) = planned(closed_database)
    assert (row["kind"], row["trigger"]) == ("mood_support", "negative_mood")
