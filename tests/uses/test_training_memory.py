"""Learning about forgetting from the answers that were counted: apart, together, and only forward in time."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from tactful.bootstrap import rules_of
from tactful.decide import Rules
from tactful.kernel.chance import mix
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided.moments import Scope
from tactful.store.learned import answers as past
from tactful.store.reading import reader
from tactful.store.sensed.events import Row, count_rows
from tactful.store.steps import run
from tactful.uses import regressions, training
from tactful.uses.training import answers
from tactful.uses.training.replay import Replay
from tests.living import RULES, one, rows
from tests.uses.ahead import hold_to_the_clock

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
TOGETHER = rules_of(Settings({"learn.across_organisations": True}))


def chances(what: int, size: int, seed: int) -> np.ndarray:
    words: np.ndarray = mix(mix(np.arange(size, dtype=np.uint64), seed), what)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def practise(database: Database, organisation: str, people: int, *, seed: int = 1, lasting: int = 180) -> None:
    """People who come back to four skills after one to eight days, and know none after more than four."""
    told: list[Row] = []
    for who in range(people):
        gaps = 1 + (8 * chances(who * 2, 60, seed)).astype(int)
        slip = chances(who * 2 + 1, 60, seed)
        days = np.cumsum(gaps) - gaps[0]
        for number in np.flatnonzero(days < lasting):
            at = NOW - timedelta(days=lasting + 1 - int(days[number]), minutes=who)
            knows = bool((gaps[number] <= 4) ^ (slip[number] < 0.1))
            for skill in range(4):
                event = Event(f"{who}-{number}-{skill}", f"p{who}", "answer", at + timedelta(seconds=skill), None,
                              f"s{skill}", "Algebra", {"correct": knows})  # fmt: skip
                told.append((organisation, event))
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 1)", (organisation,))
        run(connection, count_rows(told, now=NOW))


def learned(database: Database, rules: Rules = RULES, *, at: datetime = NOW) -> dict[int | None, dict[str, object]]:
    reports = training.train(database, rules, at=at, by="test", capability="forgetting")
    return {row["organisation"]: row for row in reports}


def test_what_proves_better_says_what_is_lost_from_then_on(closed_database: Database) -> None:
    practise(closed_database, "acme", 12)
    before = told(closed_database)
    report = learned(closed_database)[1]
    assert report["promoted"], report["reason"]
    after = told(closed_database)
    assert after.keys() == before.keys()
    assert after != before


def told(database: Database) -> dict[tuple[int, str], float]:
    """What people would still know in three days, of what they have not practised for two."""
    with database.batch() as connection:
        regressions.judge(connection, Scope(), at=NOW + timedelta(days=3), settings=Settings({}))
    found = rows(database, "SELECT user_id, skill_id, current_mastery FROM skill_regressions WHERE ended_at IS NULL")
    return {(row["user_id"], row["skill_id"]): row["current_mastery"] for row in found}


def test_lessons_are_the_answers_that_prove_something(closed_database: Database) -> None:
    practise(closed_database, "acme", 6)
    memory = answers.memory(answers.read(closed_database, until=NOW), Settings({}), until=NOW)
    assert memory is not None
    lessons = memory.window(1).lessons
    # A first answer about a skill proves nothing about having forgotten it.
    assert lessons.truth.size == one(closed_database, "SELECT count(*) FROM events") - 6 * 4
    days = lessons.given["days_since_practice"].to_numpy()
    assert days.min() >= 0.99
    # Who came back after a week knew little of it.
    late = days > 4.5
    assert lessons.truth[late].mean() > 0.8 > 0.2 > lessons.truth[~late].mean()


def test_lessons_know_nothing_of_what_came_later(closed_database: Database) -> None:
    practise(closed_database, "acme", 6)

    def made(until: datetime) -> Replay | None:
        return answers.memory(answers.read(closed_database, until=until), Settings({}), until=until)

    hold_to_the_clock(made, NOW, (NOW - timedelta(days=days, hours=5) for days in range(1, 180, 13)))


def test_what_is_judged_was_asked_when_all_that_was_learned_was_known(closed_database: Database) -> None:
    practise(closed_database, "acme", 6)
    memory = answers.memory(answers.read(closed_database, until=NOW), Settings({}), until=NOW)
    assert memory is not None
    exam, whole, before = memory.exam(1).truth.size, memory.window(1).lessons.truth.size, memory.before(1)
    assert 0 < exam < whole / 3
    assert exam == memory.asked.filter(pl.col("at") > before).height
    early = answers.memory(answers.read(closed_database, until=before), Settings({}), until=before)
    assert early is not None
    assert memory.learned(1, then=before).as_dict() == early.learned(1).as_dict()


def test_who_came_later_is_not_kept_waiting_by_others(closed_database: Database) -> None:
    practise(closed_database, "acme", 6)
    practise(closed_database, "bolt", 8, seed=5, lasting=30)
    memory = answers.memory(answers.read(closed_database, until=NOW), Settings({}), until=NOW)
    assert memory is not None
    assert memory.before(2) > NOW - timedelta(days=8) > memory.before(1)
    assert not memory.learned(2, then=memory.before(2)).blank
    assert memory.learned(2, then=NOW - timedelta(days=60)).blank


def test_few_people_in_the_exam_are_few_people(closed_database: Database) -> None:
    practise(closed_database, "acme", 6)
    memory = answers.memory(answers.read(closed_database, until=NOW), Settings({}), until=NOW)
    assert memory is not None
    assert set(memory.exam(1).groups.tolist()) <= set(memory.asked["person_id"].to_list())


def test_a_second_lesson_of_the_same_changes_nothing(closed_database: Database) -> None:
    practise(closed_database, "acme", 12)
    assert learned(closed_database)[1]["promoted"]
    again = learned(closed_database, at=NOW + timedelta(hours=1))[1]
    assert not again["promoted"]
    assert "Too early" in str(again["reason"])


def test_organisations_teach_each_other_only_where_that_is_switched_on(closed_database: Database) -> None:
    practise(closed_database, "acme", 12)
    practise(closed_database, "bolt", 2, seed=5, lasting=12)
    apart = learned(closed_database)
    assert set(apart) == {1, 2}
    assert apart[1]["promoted"]
    assert not apart[2]["promoted"]
    together = learned(closed_database, TOGETHER, at=NOW + timedelta(hours=1))
    assert set(together) == {None, 1, 2}
    assert together[None]["promoted"]
    served = """SELECT organisation_id FROM model_versions
                 WHERE capability = 'forgetting' AND promoted_at IS NOT NULL AND retired_at IS NULL ORDER BY 1"""
    assert [row["organisation_id"] for row in rows(closed_database, served)] == [1, None]
    # Switched off again, what was learned from each other no longer serves anybody.
    learned(closed_database, at=NOW + timedelta(hours=2))
    assert [row["organisation_id"] for row in rows(closed_database, served)] == [1]


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_of_many_answers_those_of_a_sample_are_gone_through(closed_database: Database, share: float) -> None:
    practise(closed_database, "acme", 40)
    with closed_database.batch() as connection:
        wanted = connection.execute("SELECT count(*) AS n FROM events").fetchall()[0]["n"]
    with reader(closed_database, few=False) as source:
        told = past.answers(source, 1, until=NOW, share=share)
        every = past.answers(source, 1, until=NOW, share=1.0)
        assert past.counted(source, until=NOW) == {1: every.height}
    assert every.height == wanted
    assert told.height <= share * 3 * every.height
    whole = every.filter(every["person_id"].is_in(told["person_id"].unique().implode()))
    assert told.equals(whole)
