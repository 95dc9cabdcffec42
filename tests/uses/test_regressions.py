"""What is being lost is found, kept up, and over by itself when the person practised again."""

from functools import partial

import pytest

from tactful.store.database import Database
from tactful.uses import regressions
from tests.living import one, rows
from tests.lost import AT, DAY, DEFAULT, TOLD, answers, go

LONG_AGO = (-64, -61, -60)


def test_a_pass_finds_what_is_being_lost(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    answers(closed_database, (-3, -2, -1), person="ben")
    answers(closed_database, LONG_AGO, 0.0, person="cleo")
    done = go(closed_database, size=2)
    assert (done.finished, done.people) == (True, 3)
    (row,) = rows(closed_database, TOLD)
    assert (row["skill_id"], row["skill_name"]) == ("algebra_factoring", "algebra_factoring")
    assert 0.6 < row["peak_mastery"] <= 1
    assert 0 < row["predicted_mastery_in_week"] < row["current_mastery"] < row["peak_mastery"]
    assert row["regression_amount"] == pytest.approx(row["peak_mastery"] - row["current_mastery"], abs=0.0011)
    assert (row["days_since_practice"], row["detected_at"]) == (59, AT)
    assert (row["reminder_sent"], row["user_reviewed"], row["ended_at"]) == (False, False, None)


def test_the_longer_the_more_is_lost_under_the_same_number(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    found = []
    for days in (0, 0, 60, 700):
        go(closed_database, AT + days * DAY)
        (row,) = rows(closed_database, TOLD)
        found.append(row)
    first, same, later, last = found
    assert first == same
    assert first["id"] == later["id"] == last["id"]
    assert first["regression_amount"] < later["regression_amount"] < last["regression_amount"]
    order = ("low", "medium", "high", "critical")
    levels = [order.index(row["urgency"]) for row in (first, later, last)]
    assert levels == sorted(levels)
    assert levels[0] < levels[-1]


def test_practice_ends_it_by_itself(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    go(closed_database)
    answers(closed_database, (1, 2))
    go(closed_database, AT + 3 * DAY)
    (row,) = rows(closed_database, TOLD)
    assert (row["user_reviewed"], row["ended_at"]) == (True, AT + 3 * DAY)
    assert row["reviewed_at"].date() == (AT + 2 * DAY).date()
    go(closed_database, AT + 200 * DAY)
    old, new = rows(closed_database, TOLD)
    assert old == row
    assert (new["user_reviewed"], new["last_practiced_at"]) == (False, row["reviewed_at"])


def test_who_practised_just_now_is_not_told_that_it_is_lost(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    answers(closed_database, (-0.5,), 0.0)
    go(closed_database)
    assert rows(closed_database, TOLD) == []
    go(closed_database, AT + 2 * DAY)
    assert len(rows(closed_database, TOLD)) == 1


def test_what_is_no_longer_believed_ends_and_comes_back_as_the_same(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    go(closed_database)
    (before,) = rows(closed_database, TOLD)
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_memory SET peak = 0.1")
    go(closed_database, AT + DAY)
    (ended,) = rows(closed_database, TOLD)
    assert (ended["ended_at"], ended["user_reviewed"]) == (AT + DAY, False)
    with closed_database.batch() as connection:
        connection.execute("UPDATE person_memory SET peak = %s", (before["peak_mastery"],))
    go(closed_database, AT + 2 * DAY)
    (again,) = rows(closed_database, TOLD)
    assert (again["id"], again["ended_at"], again["detected_at"]) == (before["id"], None, before["detected_at"])


def test_a_clock_that_went_back_changes_nothing_that_was_told(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    ask = partial(regressions.of, closed_database, DEFAULT, ("acme", "ana"), active_only=True, most=10)
    (told,) = ask(AT)
    for days in (-1, -59.5, -100, -20_000):
        assert ask(AT + days * DAY) == [told | {"reasons": ask(AT + days * DAY)[0]["reasons"]}]
    answers(closed_database, (0,))
    assert ask(AT - 10 * DAY) == []
    (row,) = rows(closed_database, TOLD)
    assert (row["user_reviewed"], row["updated_at"]) == (True, AT)


def test_whoever_asks_is_judged_at_once_and_skills_have_their_titles(closed_database: Database) -> None:
    ask = partial(regressions.of, closed_database, DEFAULT, ("acme", "ana"), active_only=True, most=10)
    assert ask(AT) == []
    answers(closed_database, LONG_AGO)
    with closed_database.batch() as connection:
        connection.execute("""INSERT INTO skills (organisation_id, id, title)
                              SELECT id, 'algebra_factoring', 'Algebraic Factoring' FROM organisations""")
    (row,) = ask(AT)
    assert row["skill_name"] == "Algebraic Factoring"
    assert row["reasons"][0].startswith("Not practised for ")
    assert row["reasons"][1] == "9 of 9 answers about it were right, the last one among them."
    answers(closed_database, (0.1,))
    assert ask(AT + DAY) == []
    (over,) = regressions.of(closed_database, DEFAULT, ("acme", "ana"), AT + DAY, active_only=False, most=10)
    assert (over["user_reviewed"], over["is_active"], over["reasons"]) == (True, False, [])
    assert one(closed_database, "SELECT count(*) FROM passes") == 0


def test_others_count_through_their_sums_only(closed_database: Database) -> None:
    """One person's judgement is the same alone and among many."""
    for person in ("ana", "ben", "cleo"):
        answers(closed_database, LONG_AGO, person=person)
        answers(closed_database, (-40, -39), 0.0, person=person, skill="other")
    (alone,) = regressions.of(closed_database, DEFAULT, ("acme", "ana"), AT, active_only=True, most=10)
    before = rows(closed_database, TOLD)
    go(closed_database)
    found = rows(closed_database, TOLD)
    assert len(found) == 3
    assert found[0] == before[0]
    assert {row["current_mastery"] for row in found} == {alone["current_mastery"]}
