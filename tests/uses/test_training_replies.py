"""Learning about timing from messages gone through again: as they would have been asked about, only forward in time."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from polars.testing import assert_frame_equal

from tactful.facts.rhythm import HOURS, UNLEARNED, Rhythms
from tactful.predict import timing
from tactful.store.database import Database
from tactful.store.decided import timing as stored
from tactful.store.decided.moments import Scope
from tactful.store.learned import usual, versions
from tactful.store.reading import RowReader
from tactful.store.sensed import contacts
from tactful.uses import checking, training
from tactful.uses.timing import MOMENT
from tactful.uses.training.replay import Replay
from tactful.uses.training.replies import replies
from tests.living import RULES, rows
from tests.timed import DAY, DEFAULT, TODAY, comings, counted, number, told, wall
from tests.uses.ahead import hold_to_the_clock

NOW = wall(TODAY, 23.5)


def at(hour: float, day: int = 0) -> datetime:
    return wall(TODAY + day * DAY, hour)


def live(database: Database, people: int, days: int = 40) -> None:
    """People who come every evening, and answer at once what was shown in the evening; by day they come late or not."""
    for who in range(people):
        person = f"p{who}"
        counted(database, comings(19 + who % 3 / 2, range(-days, 0), person=person), now=NOW)
        for day in range(-days + 10, -1):
            told(database, at(18.9 + who % 3 / 2 if (day + who) % 2 else 8, day), person=person)


def course(database: Database, until: datetime = NOW) -> Replay:
    made = replies(database, DEFAULT, until=until)
    assert made is not None
    return made


def test_messages_are_the_lessons_and_answers_within_a_day_the_truth(closed_database: Database) -> None:
    live(closed_database, 3)
    made = course(closed_database)
    assert made.asked.height == 3 * 29
    shown = rows(closed_database, "SELECT user_id, shown_at FROM intervention_logs ORDER BY shown_at, user_id")
    assert [(row["user_id"], row["shown_at"]) for row in shown] == made.asked.sort("at", "person_id").select(
        "person_id", "at"
    ).rows()
    # Everybody comes every evening, so everything is answered within a day.
    assert made.lessons.truth.mean() == 1


def learn_hours(database: Database, when: datetime) -> None:
    """Let the first organisation have learned then that its people come in the morning."""
    learned = Rhythms(UNLEARNED.mean + 2.0 * (np.arange(HOURS) == 8), UNLEARNED.ways, UNLEARNED.weekdays)
    taught = versions.Taught(1, usual.HOURS, when, when, 1, 1, "none")
    with database.batch() as connection:
        versions.record(connection, taught, learned, {}, versions.Decision(when, promoted=True, by="test", reason=""))


def test_what_was_known_is_what_would_have_been_asked(closed_database: Database) -> None:
    live(closed_database, 1)
    learn_hours(closed_database, at(12, -16))
    made = course(closed_database)
    for place in (0, 5, 28):
        then = made.asked["at"][place]
        with closed_database.batch() as connection:
            source, mine = RowReader(connection), Scope(people=(number(closed_database, "p0"),))
            stored.shadow(source)
            # Up to just before it was shown.
            contacts.bring_up_to_date(connection, mine, at=then - timedelta(microseconds=1))
            asked = MOMENT.ask(source, mine, at=then)
            usual_then = usual.serving(source, [1], then)
        # The last one was shown after something was learned of hours.
        assert bool(usual_then) == (place == 28)
        given = timing.given(asked, usual_then.get(1, UNLEARNED))
        assert_frame_equal(given, made.lessons.given[place])


def test_lessons_know_nothing_of_what_came_later(closed_database: Database) -> None:
    live(closed_database, 2)
    # They come in the very hour of a message, because of it.
    for day in range(-30, -1, 2):
        told(closed_database, at(14 + 5 / 60, day), person="p0")
        counted(closed_database, comings(14 + 10 / 60, [day], person="p0", length=5), now=NOW)

    def made(until: datetime) -> Replay | None:
        return replies(closed_database, DEFAULT, until=until)

    cuts = (NOW - timedelta(days=days, hours=hours) for days in range(2, 30, 5) for hours in (0, 9.4))
    hold_to_the_clock(made, NOW, cuts)


def test_without_messages_there_is_nothing_to_learn(closed_database: Database) -> None:
    counted(closed_database, comings(19, range(-9, 0)), now=NOW)
    assert replies(closed_database, DEFAULT, until=NOW) is None
    told(closed_database, NOW - timedelta(hours=3))
    assert replies(closed_database, DEFAULT, until=NOW) is None


def test_what_is_learned_is_told_from_then_on(closed_database: Database) -> None:
    for who in range(12):
        person = f"p{who}"
        # Half of them come every evening, the other half once a week.
        days = range(-60, 0) if who % 2 else range(-60, 0, 7)
        counted(closed_database, comings(19, days, person=person), now=NOW)
        for day in range(-50, -2):
            told(closed_database, at(18, day), person=person)
    whom, when = ("acme", "p1"), checking.Check(at=NOW - timedelta(hours=2))
    assert checking.check(closed_database, RULES, whom, when)["probability"] is None
    (report,) = training.train(closed_database, RULES, at=NOW, by="test", capability="timing")
    assert report["promoted"], report["reason"]
    daily = checking.check(closed_database, RULES, whom, checking.Check(at=NOW))
    weekly = checking.check(closed_database, RULES, ("acme", "p2"), checking.Check(at=NOW))
    assert daily["probability"] > weekly["probability"] + 0.2
    assert daily["score"] != pytest.approx(daily["probability"])
