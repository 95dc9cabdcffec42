"""Learning about struggling from attempts gone through again: as they were counted, and only forward in time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tactful.kernel.chance import mix
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.decided.struggles import Asked
from tactful.store.sensed.events import Row, count_rows
from tactful.store.steps import run
from tactful.uses import struggles, training
from tactful.uses.training import answers
from tactful.uses.training.practice import practice
from tactful.uses.training.replay import Replay
from tests.living import RULES, one, rows
from tests.uses.ahead import hold_to_the_clock

NOW = datetime(2026, 3, 4, 17, 30, tzinfo=UTC)
DEFAULT = Settings({})


def tried(people: int, *, days: int = 60, seed: int = 1) -> list[Row]:
    """People of all levels at twenty exercises of two skills, from easy to hard; what they fail follows from both."""
    told: list[Row] = []
    for who in range(people):
        words = mix(mix(np.arange(3 * days, dtype=np.uint64), seed), who)
        draws = ((words >> np.uint64(11)).astype(np.float64) / 2**53).reshape(3, -1)
        for day in range(days):
            exercise = int(20 * draws[0, day])
            odds = 4 * (who / max(people - 1, 1) - 0.5) + 4 * (0.5 - exercise / 19)
            right = bool(draws[1, day] < 1 / (1 + np.exp(-odds)))
            at = NOW - timedelta(days=days - day, minutes=who)
            event = Event(
                f"{who}-{day}", f"p{who}", "answer", at, f"x{exercise}", f"s{exercise % 2}", "Sums", {"correct": right}
            )
            told.append(("acme", event))
    return told


def count(database: Database, told: list[Row]) -> None:
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1) ON CONFLICT DO NOTHING")
        run(connection, count_rows(told, now=NOW))


def course(database: Database, until: datetime = NOW) -> Replay:
    made = practice(answers.described(database), answers.read(database, until=until), DEFAULT, until=until)
    assert made is not None
    return made


def believed(database: Database, person: str, content: str) -> dict[str, Any]:
    (told,) = struggles.predict(database, DEFAULT, [Asked("acme", person, content)], NOW)
    assert isinstance(told, dict)
    return told


def test_what_proves_better_is_believed_from_then_on(closed_database: Database) -> None:
    count(closed_database, tried(40))
    before = believed(closed_database, "p0", "x19"), believed(closed_database, "p39", "x0")
    (report,) = training.train(closed_database, RULES, at=NOW, by="test", capability="struggle")
    assert report["promoted"], report["reason"]
    assert report["lessons"] == one(closed_database, "SELECT count(*) FROM events")
    weak, strong = believed(closed_database, "p0", "x19"), believed(closed_database, "p39", "x0")
    assert weak["struggle_probability"] > 0.8 > 0.2 > strong["struggle_probability"]
    assert weak["struggle_probability"] != before[0]["struggle_probability"]
    assert strong["features"] == before[1]["features"]


def test_what_was_known_is_what_was_kept(closed_database: Database) -> None:
    told = tried(4, days=5)
    last = max(told, key=lambda row: row[1].occurred_at)
    # All of one week, so that going through it again takes people side by side as counting it at once does.
    count(closed_database, [row for row in told if row is not last])
    kept = {row["skill_id"]: row for row in rows(closed_database, "SELECT * FROM practice_skill")}
    person = rows(
        closed_database,
        """SELECT s.* FROM practice_person s JOIN people p ON p.id = s.person_id WHERE p.external_id = 'p0'""",
    )[0]
    count(closed_database, [last])
    lesson = course(closed_database).lessons.given[-1].to_dicts()[0]
    assert last[1].person == "p0"
    assert lesson["attempts"] == person["attempts"]
    assert lesson["success_share"] == pytest.approx((person["successes"] + 2 * 0.65) / (person["attempts"] + 2))
    assert kept[last[1].skill_id]["attempts"] > 0


def test_lessons_know_nothing_of_what_came_later(closed_database: Database) -> None:
    count(closed_database, tried(6))
    # Many attempts of some on one day, at what others fail some days later.
    for who in range(5):
        first = NOW - timedelta(days=9 if who < 2 else 6)
        times = [first + timedelta(minutes=9 * number) for number in range(4)]
        right = {"correct": who < 2}
        count(
            closed_database,
            [("acme", Event(f"{who}-{at}", f"p{who}", "answer", at, "x1", "s1", "Sums", right)) for at in times],
        )

    def made(until: datetime) -> Replay | None:
        log = answers.read(closed_database, until=until)
        return practice(answers.described(closed_database), log, DEFAULT, until=until)

    hold_to_the_clock(made, NOW, (NOW - timedelta(hours=hours) for hours in range(7, 60 * 24, 97)))


def test_content_is_known_as_it_is_described(closed_database: Database) -> None:
    count(closed_database, tried(3))
    plain = course(closed_database).lessons.given
    with closed_database.batch() as connection:
        connection.execute(
            """INSERT INTO content (organisation_id, id, kind, difficulty, skills)
               VALUES (1, 'x3', 'exercise', 0.9, '{s0,s1}')"""
        )
    told = course(closed_database)
    both = told.lessons.given["skills"].to_numpy()
    assert set(plain["skills"].to_list()) == {1}
    assert set(both.tolist()) == {1, 2}
    named = answers.read(closed_database, until=NOW)["content_id"].to_list()
    assert [name == "x3" for name in named] == (both == 2).tolist()


def test_without_attempts_there_is_nothing_to_learn(closed_database: Database) -> None:
    visit = ("acme", Event("1", "ana", "visit", NOW - timedelta(days=1)))
    count(closed_database, [visit])
    log = answers.read(closed_database, until=NOW)
    assert practice(answers.described(closed_database), log, DEFAULT, until=NOW) is None
    assert log.is_empty()
