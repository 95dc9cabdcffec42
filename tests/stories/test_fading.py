"""A skill fades, its person is reminded once, and not at all where they practised before they saw it."""

from datetime import timedelta

from tactful.bootstrap import rules_of
from tactful.compose.render import variants
from tactful.decide.settings import HOLDOUT
from tactful.kernel.settings import Settings
from tactful.store.database import Database, Identity
from tactful.store.decided import inbox
from tactful.uses import asking, story, ticking
from tests.living import one, rows
from tests.lost import AT, DAY, TOLD, answers, go

RULES = rules_of(Settings({HOLDOUT.name: 0.0}))
EVENING = AT + timedelta(hours=2)
PLANNED = "SELECT * FROM intervention_logs WHERE intervention_type = 'skill_refresh' ORDER BY id"


def fade(database: Database, urgency: str = "high") -> None:
    """Something ana once knew and is losing, as urgently as said."""
    answers(database, (-94, -91, -90))
    go(database)
    with database.batch() as connection:
        connection.execute("UPDATE skill_regressions SET urgency = %s", (urgency,))


def test_one_reminder_for_each_regression(closed_database: Database) -> None:
    fade(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    (row,) = rows(closed_database, PLANNED)
    (told,) = rows(closed_database, TOLD)
    assert (row["trigger"], row["priority"], row["state"]) == ("skill_fading", 6, "planned")
    assert (row["context"]["regression_id"], row["context"]["fading_skill"]) == (told["id"], "algebra_factoring")
    assert (told["reminder_sent"], told["reminder_sent_at"]) == (False, None)
    seen = EVENING + timedelta(minutes=5)
    asking.hand_over(closed_database, RULES, [("acme", "ana")], seen)
    (told,) = rows(closed_database, TOLD)
    assert (told["reminder_sent"], told["reminder_sent_at"]) == (True, seen)
    for days in (1, 4, 9):
        ticking.tick(closed_database, RULES, at=EVENING + days * DAY, everybody=True)
    assert len(rows(closed_database, PLANNED)) == 1
    words = " ".join(story.at(closed_database, RULES, "acme", "ana", EVENING + 9 * DAY)["words"])
    assert "Nothing is known to be fading that they have not practised or been reminded of since." in words


def test_who_stays_away_is_reminded_when_they_come(closed_database: Database) -> None:
    fade(closed_database)
    for hours in range(0, 120, 12):
        ticking.tick(closed_database, RULES, at=EVENING + timedelta(hours=hours), everybody=True)
        states = [row["state"] for row in rows(closed_database, PLANNED)]
        assert states.count("planned") <= 1
    assert states == ["expired", "expired", "planned"]
    assert one(closed_database, "SELECT reminder_sent FROM skill_regressions") is False
    back = EVENING + 5 * DAY
    asking.hand_over(closed_database, RULES, [("acme", "ana")], back)
    assert [row["shown_at"] for row in rows(closed_database, PLANNED)] == [None, None, back]
    assert one(closed_database, "SELECT reminder_sent_at FROM skill_regressions") == back
    for days in (3, 6, 9):
        ticking.tick(closed_database, RULES, at=back + days * DAY, everybody=True)
    assert len(rows(closed_database, PLANNED)) == 3


async def test_an_answer_says_that_it_was_seen(database: Database) -> None:
    fade(database)
    ticking.tick(database, RULES, at=EVENING, everybody=True)
    (row,) = rows(database, PLANNED)
    at = EVENING + timedelta(minutes=5)
    async with database.acting_as(Identity("acme", "ana")) as connection:
        answered = await inbox.answer(connection, row["id"], "dismissed", at=at, snooze=DAY)
    assert answered is not None
    assert one(database, "SELECT reminder_sent_at FROM skill_regressions") == at


def test_what_is_not_urgent_is_no_reason(closed_database: Database) -> None:
    fade(closed_database, "medium")
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    assert rows(closed_database, PLANNED) == []
    assert one(closed_database, "SELECT reminder_sent FROM skill_regressions") is False


def test_who_practised_before_they_saw_it_is_not_reminded(closed_database: Database) -> None:
    fade(closed_database)
    answers(closed_database, (-200, -199, -198), skill="other")
    go(closed_database, AT + timedelta(minutes=1))
    with closed_database.batch() as connection:
        connection.execute("UPDATE skill_regressions SET urgency = 'critical'")
        connection.execute("UPDATE skill_regressions SET regression_amount = 0.9 WHERE skill_id = 'algebra_factoring'")
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    (row,) = rows(closed_database, PLANNED)
    assert row["context"]["fading_skill"] == "algebra_factoring"
    answers(closed_database, (0.1,))
    asking.hand_over(closed_database, RULES, [("acme", "ana")], EVENING + timedelta(hours=1))
    (row,) = rows(closed_database, PLANNED)
    assert row["state"] == "withdrawn"


def test_who_sees_it_reads_what_it_is_about(closed_database: Database) -> None:
    fade(closed_database)
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    asking.hand_over(closed_database, RULES, [("acme", "ana")], EVENING + timedelta(minutes=5))
    (row,) = rows(closed_database, PLANNED)
    assert row["state"] == "shown"
    said = {each.title for each in variants("skill_refresh", row["context"])}
    assert row["title"] in said
    assert "algebra_factoring is fading" in said


def test_nobody_is_reminded_of_anybody_elses(closed_database: Database) -> None:
    fade(closed_database)
    answers(closed_database, (-1,), person="ben")
    ticking.tick(closed_database, RULES, at=EVENING, everybody=True)
    whose = one(closed_database, "SELECT external_id FROM intervention_logs i JOIN people p ON p.id = i.user_id "
                "WHERE intervention_type = 'skill_refresh'")  # fmt: skip
    assert whose == "ana"
