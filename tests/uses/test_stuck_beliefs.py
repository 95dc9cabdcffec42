"""What is believed of being stuck is kept by the pass, and held to the attempts of the next two weeks."""

from datetime import datetime, timedelta
from math import exp

import polars as pl
import pytest

from tactful.facts.chain import Chain
from tactful.predict import plateau
from tactful.store.database import Database
from tactful.store.learned import answers, predictions, versions
from tactful.store.reading import reader
from tactful.uses import beliefs, plateaus
from tactful.uses.training.progress import progress
from tests.living import RULES, one, rows
from tests.predict.plateau.learners import TODAY, learners
from tests.stuck import AT, DAY, DEFAULT, attempts, go, live, tries, write

TOLD = "SELECT * FROM predictions WHERE capability = 'plateau' ORDER BY asked_at, person_id, about"
OVER = AT + 14 * DAY


def keep(database: Database, at: datetime) -> None:
    beliefs.keep(database, RULES, at)


def later(database: Database, until: datetime) -> None:
    """What generated learners tried after today."""
    write(database, attempts(learners(80).filter(pl.col("day").is_between(TODAY, until.date(), closed="right"))), until)


def people(database: Database, at: datetime) -> set[int]:
    """Of whom something was kept then."""
    return {row["person_id"] for row in rows(database, TOLD) if row["asked_at"] == at}


def test_truth_is_what_training_calls_so(closed_database: Database) -> None:
    log = live(closed_database)
    go(closed_database)
    later(closed_database, OVER)
    keep(closed_database, OVER + timedelta(minutes=1))
    kept = {row["person_id"]: row for row in rows(closed_database, TOLD)}
    assert 0 < len(kept) <= log["person_id"].n_unique()
    with reader(closed_database, few=True) as source:
        told = answers.answers(source, 1, until=OVER, share=1.0)
    course = progress(told, DEFAULT, until=OVER)
    assert course is not None
    then = (course.asked["at"] == AT).to_numpy()
    lessons = course.lessons.only(then)
    people = course.asked["person_id"].to_numpy()[then].tolist()
    assert {person for person, row in kept.items() if row["truth"] is not None} == set(people)
    assert 0 < lessons.truth.mean() < 1
    score = plateau.cold(lessons.given, DEFAULT)["score"]
    for person, stuck, said, level in zip(people, lessons.truth, score, lessons.given["mastery_level"], strict=True):
        assert kept[person]["truth"] == bool(stuck)
        assert (kept[person]["score"], kept[person]["probability"]) == (pytest.approx(said), None)
        assert kept[person]["stood"] == pytest.approx(level)


def test_it_is_not_told_before_its_time_and_then_for_good(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 0))
    go(closed_database)
    tries(closed_database, 0.5, range(1, 6))
    keep(closed_database, OVER - timedelta(minutes=1))
    assert [row["truth"] for row in rows(closed_database, TOLD)] == [None]
    # What they do after the two weeks does not count.
    tries(closed_database, 1.0, (15, 16), a_day=9)
    for days in (15, 40):
        keep(closed_database, AT + days * DAY)
        assert [row["truth"] for row in rows(closed_database, TOLD)] == [True]


def test_four_attempts_say_nothing(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 0))
    go(closed_database)
    tries(closed_database, 0.5, (1, 2))
    for days in (14, 15, 30):
        keep(closed_database, AT + days * DAY)
    assert rows(closed_database, TOLD)[0]["truth"] is None


def test_every_curve_is_kept_once_a_week_when_it_is_judged(closed_database: Database) -> None:
    for day in range(15):
        tries(closed_database, 0.5, (day - 9,), person="ana")
        if day < 10:
            tries(closed_database, 0.6, (day - 9,), person="ben")
        go(closed_database, AT + (day - 9) * DAY)
    kept = [(row["person_id"], (row["asked_at"] - AT).days) for row in rows(closed_database, TOLD)]
    ana, ben = (one(closed_database, "SELECT id FROM people WHERE external_id = %s", who) for who in ("ana", "ben"))
    first = min(days for person, days in kept if person == ana)
    # Before there are days and attempts enough nothing is believed; who is told to be stuck is judged every night.
    assert [days for person, days in kept if person == ana] == [first, first + 7]
    assert [days for person, days in kept if person == ben][:1] == [first]


def test_who_asks_leaves_nothing_behind(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 0))
    assert plateaus.of(closed_database, DEFAULT, ("acme", "ana"), AT, active_only=True, most=9)
    assert rows(closed_database, TOLD) == []


def test_what_was_counted_after_the_instant_was_not_believed_at_it(closed_database: Database) -> None:
    tries(closed_database, 0.5, range(-8, 0))
    tries(closed_database, 0.5, range(-8, 1), person="ben")
    tries(closed_database, 1.0, (1,), person="ben")
    go(closed_database)
    ana = one(closed_database, "SELECT id FROM people WHERE external_id = 'ana'")
    assert [row["person_id"] for row in rows(closed_database, TOLD)] == [ana]


def test_of_large_organisations_the_same_people_are_followed(
    closed_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predictions, "MOST", 30)
    live(closed_database)
    go(closed_database)
    later(closed_database, AT + 7 * DAY)
    go(closed_database, AT + 7 * DAY)
    first, second = (people(closed_database, at) for at in (AT, AT + 7 * DAY))
    assert 10 < len(first) < 50
    assert len(second & first) > 5
    # Their number depends on how many were there lately, so some come and go.
    assert len(second - first) < 0.2 * len(first)


def test_what_was_learned_is_kept_beside_the_rule(closed_database: Database) -> None:
    live(closed_database, 40)
    told, when = versions.Taught(1, "plateau", AT - DAY, AT - DAY, 1, 1, "none"), AT - timedelta(hours=1)
    with closed_database.batch() as connection:
        versions.record(connection, told, Chain(), {}, versions.Decision(when, promoted=True, by="test", reason="test"))
    go(closed_database)
    kept = rows(closed_database, TOLD)
    assert kept
    for row in kept:
        assert row["probability"] == pytest.approx(1 / (1 + exp(2.2 - 4.4 * row["score"])))
        assert 0 < row["confidence"] < 1
