"""What is believed of writing to somebody is kept as a tick reaches them, and held to whether they answer in a day."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tactful.bootstrap import rules_of
from tactful.decide.settings import HOLDOUT, QUIET_END, QUIET_START
from tactful.kernel.settings import Settings
from tactful.predict import timing as predicted
from tactful.store.database import Database
from tactful.store.described.erasure import erase
from tactful.uses import beliefs, ticking, timing
from tactful.uses.training.replies import replies
from tests.living import one, rows
from tests.timed import DAY, DEFAULT, HOUR, TODAY, comings, counted, number, responded, told, wall

RULES = rules_of(Settings({HOLDOUT.name: 0.0, QUIET_START.name: "", QUIET_END.name: ""}))
NOON = wall(TODAY, 12)
TOLD = "SELECT * FROM predictions WHERE capability = 'timing' ORDER BY asked_at, person_id"


def note(database: Database, at: datetime, *people: str, most: int = 500) -> None:
    with database.batch() as connection:
        timing.note(connection, [number(database, each) for each in people], at=at, settings=DEFAULT, most=most)


def kept(database: Database, at: datetime | None = None) -> list[dict[str, Any]]:
    """What is kept; settled before, if an instant is named."""
    if at is not None:
        beliefs.keep(database, RULES, at)
    return rows(database, TOLD)


def test_it_is_what_training_says_of_the_same_moment(closed_database: Database) -> None:
    counted(closed_database, comings(19, range(-60, -40)))
    for day in range(-30, 0):
        # Written to every morning, they come every third evening, and sometimes respond.
        at = wall(TODAY + day * DAY, 9)
        note(closed_database, at, "ana")
        told(closed_database, at)
        if day % 5 == 0:
            responded(closed_database, at + 2 * HOUR, "dismissed")
        if day % 3 == 0:
            counted(closed_database, comings(19, [day]))
    course = replies(closed_database, DEFAULT, until=NOON)
    assert course is not None
    mine = kept(closed_database, NOON)
    assert [row["asked_at"] for row in mine] == course.asked["at"].to_list()
    assert [row["truth"] for row in mine] == course.lessons.truth.astype(bool).tolist()
    assert 0.2 < course.lessons.truth.mean() < 0.8
    wanted = predicted.cold(course.lessons.given, DEFAULT)
    for name in ("score", "confidence"):
        assert [row[name] for row in mine] == pytest.approx(wanted[name].to_list())


@pytest.mark.parametrize(
    ("came", "response", "truth"),
    [(None, None, False), (3, None, True), (23, None, True), (25, None, False), (None, "snoozed", True),
     (None, "ignored", False)],
)  # fmt: skip
def test_whoever_comes_or_responds_within_a_day_answered(
    closed_database: Database, came: int | None, response: str | None, truth: bool
) -> None:
    counted(closed_database, comings(19, range(-20, -1)))
    note(closed_database, NOON, "ana")
    told(closed_database, NOON)
    if came is not None:
        counted(closed_database, comings(12 + came, [0]))
    if response is not None:
        responded(closed_database, NOON + HOUR, response)
    assert [row["truth"] for row in kept(closed_database, NOON + DAY - timedelta(seconds=1))] == [None]
    assert [row["truth"] for row in kept(closed_database, NOON + DAY)] == [truth]
    # What comes later does not count.
    counted(closed_database, comings(19, [2]))
    assert [row["truth"] for row in kept(closed_database, NOON + 9 * DAY)] == [truth]


def silent(database: Database, *people: str) -> None:
    """They came every evening and stopped ten days ago."""
    for person in people:
        counted(database, comings(19, range(-31, -10), person=person), now=NOON - 9 * DAY)


def test_a_tick_keeps_it_of_those_whom_it_reaches_and_of_nobody_else(closed_database: Database) -> None:
    silent(closed_database, "ana", "ben")
    counted(closed_database, comings(11.7, range(-40, 1), person="here"), now=NOON)
    done = ticking.tick(closed_database, RULES, at=NOON, everybody=True)
    assert done is not None
    reached = {row["user_id"] for row in rows(closed_database, "SELECT user_id FROM intervention_logs")}
    assert number(closed_database, "ana") in reached
    found = kept(closed_database)
    assert {row["person_id"] for row in found} == reached
    assert {(row["asked_at"], row["due_at"], row["about"]) for row in found} == {(NOON, NOON + DAY, "")}
    assert all(0 < row["score"] < 1 and row["probability"] is None for row in found)
    ticking.tick(closed_database, RULES, at=NOON, everybody=True)
    assert kept(closed_database) == found


def test_what_waited_is_kept_when_it_goes(closed_database: Database) -> None:
    silent(closed_database, "ana")
    quiet = rules_of(Settings({HOLDOUT.name: 0.0, QUIET_START.name: "11:00", QUIET_END.name: "15:00"}))
    ticking.tick(closed_database, quiet, at=NOON, everybody=True)
    assert one(closed_database, "SELECT state FROM intervention_logs") == "deferred"
    assert kept(closed_database) == []
    later = one(closed_database, "SELECT due_at FROM intervention_logs")
    ticking.tick(closed_database, quiet, at=later)
    assert one(closed_database, "SELECT state FROM intervention_logs") == "planned"
    assert [row["asked_at"] for row in kept(closed_database)] == [later]


def test_the_past_leaves_nothing_behind(closed_database: Database) -> None:
    silent(closed_database, "ana")
    ticking.tick(closed_database, RULES, at=NOON, everybody=True, past=True)
    assert one(closed_database, "SELECT count(*) FROM intervention_logs") == 1
    assert kept(closed_database) == []


def test_what_was_known_then_is_not_made_up_later(closed_database: Database) -> None:
    silent(closed_database, "ana", "ben")
    counted(closed_database, comings(11, [0], person="ben"), now=NOON)
    # Somebody asked about Ben meanwhile, so that what is kept of him is later than the tick.
    timing.of(closed_database, DEFAULT, ("acme", "ben"), NOON)
    note(closed_database, NOON - 2 * HOUR, "ana", "ben")
    assert [row["person_id"] for row in kept(closed_database)] == [number(closed_database, "ana")]


def test_of_many_at_once_some_are_kept_the_same_ones_each_time(closed_database: Database) -> None:
    people = [f"p{who}" for who in range(12)]
    silent(closed_database, *people)
    for minutes in range(3):
        note(closed_database, NOON + timedelta(minutes=minutes), *people, most=5)
    groups = [
        {row["person_id"] for row in kept(closed_database) if row["asked_at"] == NOON + timedelta(minutes=minutes)}
        for minutes in range(3)
    ]
    assert len(groups[0]) == 5
    assert groups[0] == groups[1] == groups[2]


def test_of_who_was_never_there_nothing_is_believed(closed_database: Database) -> None:
    silent(closed_database, "ana")
    with closed_database.batch() as connection:
        timing.note(connection, [], at=NOON, settings=DEFAULT)
        timing.note(connection, [999_999], at=NOON, settings=DEFAULT)
    assert kept(closed_database) == []


def test_who_is_erased_takes_it_along(closed_database: Database) -> None:
    silent(closed_database, "ana", "ben")
    note(closed_database, NOON, "ana", "ben")
    with closed_database.batch() as connection:
        erase(connection, "acme", "ana")
    assert [row["person_id"] for row in kept(closed_database)] == [number(closed_database, "ben")]
