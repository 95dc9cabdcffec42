"""What is told of skills that are being lost is kept once a week, and held to the next answer."""

from datetime import timedelta

import pytest

from tactful.store.database import Database
from tactful.uses import beliefs
from tests.living import RULES, rows
from tests.lost import AT, DAY, answers, go

TOLD = "SELECT * FROM predictions WHERE capability = 'forgetting' ORDER BY asked_at, person_id, about"
LONG_AGO = (-64, -61, -60)


def test_what_is_told_is_kept_once_a_week(closed_database: Database) -> None:
    for person in ("ana", "ben"):
        answers(closed_database, LONG_AGO, person=person)
    for day in range(9):
        go(closed_database, AT + day * DAY)
        beliefs.keep(closed_database, RULES, AT + day * DAY)
    kept = rows(closed_database, TOLD)
    assert [row["asked_at"] for row in kept] == [AT, AT, AT + 7 * DAY, AT + 7 * DAY]
    (now, *_) = rows(closed_database, "SELECT * FROM skill_regressions ORDER BY user_id")
    assert kept[2]["probability"] == pytest.approx(1 - now["current_mastery"], abs=0.01)
    assert (kept[2]["about"], kept[2]["truth"]) == (now["skill_id"], None)
    assert 0 < kept[2]["confidence"] < 1


@pytest.mark.parametrize(("score", "forgotten"), [(1.0, False), (0.0, True)])
def test_the_next_answer_is_the_truth(closed_database: Database, score: float, forgotten: bool) -> None:
    answers(closed_database, LONG_AGO)
    answers(closed_database, LONG_AGO, person="ben")
    go(closed_database)
    beliefs.keep(closed_database, RULES, AT)
    # Only what comes first after it was told counts, not what was learned from it.
    answers(closed_database, (2,), score, a_day=1)
    answers(closed_database, (3,), 1 - score, a_day=1)
    beliefs.keep(closed_database, RULES, AT + 4 * DAY)
    ana, ben = rows(closed_database, TOLD)
    assert (ana["truth"], ben["truth"]) == (forgotten, None)


def test_an_answer_after_the_wait_says_nothing(closed_database: Database) -> None:
    answers(closed_database, LONG_AGO)
    go(closed_database)
    beliefs.keep(closed_database, RULES, AT)
    answers(closed_database, (15,), 0.0)
    for day in (14, 15, 16):
        beliefs.keep(closed_database, RULES, AT + day * DAY + timedelta(minutes=1))
    assert rows(closed_database, TOLD)[0]["truth"] is None
