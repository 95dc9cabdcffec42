"""Profiles: at which hours somebody is at their best, by their own clock, found by a pass and by whoever asks."""

from datetime import time, timedelta
from typing import Any

import pytest

from tactful.store.database import Database
from tactful.uses import timing
from tests.living import one, rows
from tests.timed import DAY, DEFAULT, HOUR, TODAY, comings, counted, go, live_in, wall

NOON = wall(TODAY, 12)
TOLD = "SELECT * FROM user_timing_profiles ORDER BY user_id"


def profile(database: Database, person: str = "ana") -> dict[str, Any]:
    found = timing.of(database, DEFAULT, ("acme", person), NOON)
    assert found is not None
    return found


def test_a_pass_tells_everybodys_hours_and_days(closed_database: Database) -> None:
    # Mondays, Wednesdays and Fridays at seven in the evening, for ten weeks.
    evenings = [day for day in range(-70, 0) if (TODAY + day * DAY).weekday() in (0, 2, 4)]
    counted(closed_database, comings(19, evenings, length=45, score=0.9))
    counted(closed_database, comings(9, evenings[::5], score=0.5))
    counted(closed_database, comings(6, range(-12, 0), person="ben"))
    done = go(closed_database, NOON, size=1)
    assert (done.finished, done.people) == (True, 2)
    ana, ben = rows(closed_database, TOLD)
    assert ana["most_active_hour"] == 19
    assert 19 in ana["peak_hours"]
    assert not set(ana["peak_hours"]) & {0, 1, 2, 3, 4, 5}
    assert ana["optimal_study_time"] == time(19)
    assert (ana["best_days"], ana["typical_study_days"]) == (["Monday", "Wednesday", "Friday"], [1, 3, 5])
    assert ana["performance_by_hour"] == {"9": 0.5, "19": pytest.approx(0.9)}
    assert (ana["sessions_analyzed"], ana["confidence"], ana["preferred_session_length"]) == (36, 0.7, 45)
    assert ana["avg_session_duration_minutes"] == pytest.approx((30 * 45 + 6 * 20) / 36)
    assert (ben["most_active_hour"], ben["confidence"]) == (6, 0.5)


@pytest.mark.parametrize(("sessions", "confidence"), [(1, 0), (9, 0), (10, 0.5), (30, 0.7), (49, 0.7), (50, 0.9)])
def test_confidence_grows_in_steps(closed_database: Database, sessions: int, confidence: float) -> None:
    counted(closed_database, comings(19, range(-sessions, 0)))
    assert (profile(closed_database)["sessions_analyzed"], profile(closed_database)["confidence"]) == (
        sessions,
        confidence,
    )


@pytest.mark.parametrize("zone", ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_seven_in_the_evening_is_theirs_across_every_change_of_the_clock(closed_database: Database, zone: str) -> None:
    live_in(closed_database, "ana", zone)
    # A year of it: through both changes, one of them by half an hour on Lord Howe.
    counted(closed_database, comings(19, range(-360, 0, 3), zone=zone, length=5))
    found = profile(closed_database)
    assert (found["most_active_hour"], found["optimal_study_time"]) == (19, time(19))
    hours = one(closed_database, "SELECT hours FROM person_rhythm")
    assert {place % 24 for place, value in enumerate(hours) if value} == {19}


def test_whoever_asks_knows_every_session_and_no_pass_is_needed(closed_database: Database) -> None:
    assert timing.of(closed_database, DEFAULT, ("acme", "ana"), NOON) is None
    live_in(closed_database, "ana", "UTC")
    assert timing.of(closed_database, DEFAULT, ("acme", "ana"), NOON) is None
    counted(closed_database, comings(8, (-2, -1)))
    assert profile(closed_database)["sessions_analyzed"] == 2
    counted(closed_database, comings(20, (-1,)))
    assert profile(closed_database)["sessions_analyzed"] == 3
    assert one(closed_database, "SELECT count(*) FROM passes") == 0


def test_what_has_not_changed_is_not_written_again(closed_database: Database) -> None:
    counted(closed_database, comings(19, range(-12, 0)))
    go(closed_database, NOON)
    before = rows(closed_database, TOLD)
    go(closed_database, NOON + HOUR)
    assert rows(closed_database, TOLD) == before
    assert before[0]["updated_at"] == NOON


def test_a_pass_looks_only_at_who_was_heard_of_since(closed_database: Database) -> None:
    for person in ("ana", "ben"):
        counted(closed_database, comings(19, range(-12, 0), person=person), now=NOON - 3 * HOUR)
    go(closed_database, NOON)
    with closed_database.batch() as connection:
        connection.execute("UPDATE user_timing_profiles SET confidence = 0")
    counted(closed_database, comings(19, (-20,), person="ben"), now=NOON + 5 * DAY)
    go(closed_database, NOON + 7 * DAY)
    assert [row["confidence"] for row in rows(closed_database, TOLD)] == [0, 0.5]


def test_what_is_older_than_a_year_is_left_out(closed_database: Database) -> None:
    counted(closed_database, comings(6, range(-420, -366)) + comings(19, range(-5, 0)))
    found = profile(closed_database)
    assert (found["sessions_analyzed"], found["most_active_hour"]) == (5, 19)


def test_history_that_comes_after_the_first_visit_tells_the_same(closed_database: Database) -> None:
    history, visit = comings(19, range(-60, -1), score=0.8), comings(7, (0,))
    for organisation, order in (("acme", (history, visit)), ("umbrella", (visit, history))):
        for told in order:
            counted(closed_database, told, organisation=organisation, now=NOON)
            timing.of(closed_database, DEFAULT, (organisation, "ana"), NOON)
    same, other = rows(closed_database, TOLD)
    assert (same["most_active_hour"], same["sessions_analyzed"], same["confidence"]) == (19, 60, 0.9)
    for row in (same, other):
        del row["id"], row["user_id"], row["organization_id"]
    assert other == same


def test_the_hours_that_are_peaks_are_kept_for_every_weekday(closed_database: Database) -> None:
    counted(closed_database, comings(19, range(-60, 0)))
    good = profile(closed_database)["good_hours"]
    assert len(good) == 7
    assert all(bits >> 19 & 1 and not bits >> 7 & 1 for bits in good)


def test_one_person_alone_is_told_as_among_many(closed_database: Database) -> None:
    names = [f"p{number}" for number in range(6)]
    for number, person in enumerate(names):
        live_in(closed_database, person, ["UTC", "Asia/Tokyo", "America/Lima"][number % 3])
        counted(closed_database, comings(6 + 2 * number, range(-9 - 8 * number, 0, 2), person=person, score=number / 6))
    go(closed_database, NOON)
    many = rows(closed_database, TOLD)
    with closed_database.batch() as connection:
        connection.execute("DELETE FROM user_timing_profiles")
    for person in names:
        timing.of(closed_database, DEFAULT, ("acme", person), NOON)
    alone = rows(closed_database, TOLD)
    assert [row | {"id": 0} for row in alone] == [row | {"id": 0} for row in many]


def test_a_pass_that_died_goes_on(closed_database: Database) -> None:
    for number in range(3):
        counted(closed_database, comings(19, range(-12, 0), person=f"p{number}"))
    go(closed_database, NOON, size=1)
    with closed_database.batch() as connection:
        connection.execute("UPDATE passes SET finished_at = NULL, cursor = (SELECT min(id) FROM people), people = 1")
        connection.execute("DELETE FROM user_timing_profiles")
    done = go(closed_database, NOON + timedelta(minutes=5), size=1)
    assert (done.at, done.people, done.finished) == (NOON, 3, True)
    assert one(closed_database, "SELECT count(*) FROM user_timing_profiles") == 2
