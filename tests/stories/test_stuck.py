"""Somebody is stuck, is offered another way, takes it up, and gets on; and what was told then can still be told."""

from datetime import timedelta
from typing import Any

from tactful.bootstrap import rules_of
from tactful.decide.settings import HOLDOUT
from tactful.decide.triggers.settings import SWITCHES
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.uses import asking, plateaus, story, ticking
from tests.living import one, rows
from tests.stuck import AT, DAY, DEFAULT, go, tries, write

# One reason at a time: a milestone that was reached would come first.
RULES = rules_of(Settings({HOLDOUT.name: 0.0, SWITCHES["milestone_reached"].name: False}))
NOON, EVENING = AT, AT + timedelta(hours=2)
PLANNED = "SELECT * FROM intervention_logs WHERE intervention_type = 'alternative_approach' ORDER BY id"


def explained(database: Database, at: Any, *, past: bool = False) -> list[str]:
    words: list[str] = story.at(database, RULES, "acme", "ana", at, past=past)["words"]
    return words


def test_who_is_stuck_is_offered_another_way_within_the_limits(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING)
    (row,) = rows(closed_database, PLANNED)
    told = one(closed_database, "SELECT intervention_suggested FROM learning_plateaus")
    assert (row["trigger"], row["priority"], row["state"]) == ("stuck_on_topic", 6, "planned")
    assert row["context"]["plateau_suggestion"] == told
    assert row["context"]["plateau_topic"] == "Calculus - Derivatives"
    # Once is enough for a while.
    ticking.tick(closed_database, RULES, at=EVENING + DAY, everybody=True)
    assert len(rows(closed_database, PLANNED)) == 1
    # Decided again and explained, it names the topic, the numbers and the rail.
    words = explained(closed_database, EVENING + DAY)
    assert "Stuck on Calculus - Derivatives:" in words
    assert "  9 days on the topic, the last attempt 1 day ago." in words
    assert "They have tried a skill for days without getting further." in " ".join(words)


def test_a_few_days_are_too_few(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-4, 1), a_day=4)
    go(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    assert rows(closed_database, PLANNED) == []
    assert "Alternative approach was not considered. They are not known to be stuck on anything." in " ".join(
        explained(closed_database, EVENING)
    )


def test_what_is_no_longer_so_is_withdrawn_before_it_is_shown(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING)
    with closed_database.batch() as connection:
        connection.execute("UPDATE learning_plateaus SET is_active = false, resolved = true")
    asking.hand_over(closed_database, RULES, [("acme", "ana")], EVENING + timedelta(minutes=5))
    (row,) = rows(closed_database, PLANNED)
    assert (row["state"], row["withdrawn_because"]) == ("withdrawn", "They are not known to be stuck on anything.")


def test_taking_it_up_is_noted_and_they_are_left_alone(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING)
    with closed_database.batch() as connection:
        connection.execute(
            "UPDATE intervention_logs SET state = 'answered', user_response = 'engaged', responded_at = %s",
            (EVENING + timedelta(minutes=9),),
        )
    (row,) = plateaus.of(closed_database, DEFAULT, ("acme", "ana"), EVENING + DAY, active_only=True, most=1)
    assert row["intervention_taken"]
    told = " ".join(explained(closed_database, EVENING + 4 * DAY))
    assert "They took up what was suggested for Calculus - Derivatives; it is given time to help." in told


def test_the_past_knows_the_plateau_and_the_curve_of_then(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    then = explained(closed_database, EVENING)
    assert explained(closed_database, EVENING, past=True)[: len(then)] != []
    stuck = [line for line in then if line.startswith(("Stuck", "  "))]
    tries(closed_database, 1.0, range(1, 7))
    go(closed_database, AT + 6 * DAY)
    assert not any(line.startswith("Stuck") for line in explained(closed_database, AT + 6 * DAY))
    past = explained(closed_database, EVENING, past=True)
    assert [line for line in past if line in stuck] == stuck
    before = explained(closed_database, AT - DAY, past=True)
    assert not any(line.startswith("Stuck") for line in before), "nobody had told so yet"


def test_what_the_past_cannot_tell_is_named(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    gap = "Something else has been suggested to them since; what had been suggested before is not kept."
    assert gap not in explained(closed_database, EVENING, past=True)
    with closed_database.batch() as connection:
        connection.execute("UPDATE learning_plateaus SET suggested_at = %s", (AT + 3 * DAY,))
    assert gap in explained(closed_database, EVENING, past=True)


def test_two_skills_of_a_topic_are_told_apart_by_their_names(closed_database: Database) -> None:
    for skill in ("division", "fractions"):
        told = [
            Event(f"{skill}-{day}-{number}", "ana", "answer", AT + day * DAY - timedelta(hours=3, minutes=-number),
                  None,
                  skill, "maths", {"score": 0.5})
            for day in range(-8, 1) for number in range(2)
        ]  # fmt: skip
        write(closed_database, told)
    go(closed_database)
    stuck = [line for line in explained(closed_database, EVENING) if line.startswith("Stuck")]
    assert sorted(stuck) == ["Stuck on maths (division):", "Stuck on maths (fractions):"]
    with closed_database.batch() as connection:
        connection.execute("""INSERT INTO skills (organisation_id, id, title)
                              SELECT id, 'division', 'Long division' FROM organisations""")
    stuck = [line for line in explained(closed_database, EVENING) if line.startswith("Stuck")]
    assert sorted(stuck) == ["Stuck on Long division (maths):", "Stuck on maths:"]
    found = plateaus.of(closed_database, DEFAULT, ("acme", "ana"), EVENING, active_only=True, most=9)
    assert {(row["topic"], row["skill_name"]) for row in found} == {("maths", "Long division"), ("maths", "fractions")}


def test_who_went_on_to_other_skills_is_stuck_no_more(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 1))
    go(closed_database)
    other = [
        Event(f"other-{day}", "ana", "answer", AT + day * DAY, None, "limits", "Calculus", {"score": 1.0})
        for day in range(1, 9)
    ]
    write(closed_database, other, AT + 8 * DAY)
    told = [
        plateaus.of(closed_database, DEFAULT, ("acme", "ana"), AT + days * DAY, active_only=True, most=9)
        for days in (7, 8)
    ]
    assert [[row["skill_id"] for row in each] for each in told] == [["calc_derivatives"], []]
