"""When people come and what they answer: the same however often it is taken in, and nobody's but their own."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tactful.facts.contacts import GAPS
from tactful.store.database import Database
from tactful.store.decided.moments import Scope
from tactful.store.described.erasure import erase
from tactful.store.sensed.contacts import bring_up_to_date
from tests.living import one, rows
from tests.timed import DAY, HOUR, MINUTE, TODAY, comings, counted, live_in, number, responded, told, wall

NOON = wall(TODAY, 12)
EVERYBODY = Scope()


def take_in(database: Database, at: datetime = NOON, scope: Scope = EVERYBODY) -> None:
    with database.batch() as connection:
        bring_up_to_date(connection, scope, at=at)


def party(database: Database, person: str = "ana") -> dict[str, Any]:
    (row,) = rows(database, "SELECT * FROM contact_party WHERE person_id = %s", number(database, person))
    return row


def state(database: Database) -> list[list[Any]]:
    """All that is kept, as numbers."""
    tables = ("contact_party ORDER BY party_id", "contact_pair ORDER BY from_id, to_id", "person_rhythm ORDER BY 1")
    return [[list(row.values()) for row in rows(database, f"SELECT * FROM {table}")] for table in tables]


def flat(kept: Any) -> list[float]:
    if isinstance(kept, list | tuple):
        return [number for each in kept for number in flat(each)]
    if isinstance(kept, datetime):
        return [kept.timestamp()]
    return [-1.0 if kept is None else float(kept) if not hasattr(kept, "toordinal") else float(kept.toordinal())]


def test_a_person_is_known_by_their_comings(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-3, -2, -1)))
    take_in(closed_database)
    found = party(closed_database)
    assert (found["wrote"], found["heard"]) == (3, 0)
    assert found["wrote_at"] == found["seen_until"] == wall(TODAY - DAY, 9) + 20 * MINUTE
    # Two nights, and the silences within the stays that are over.
    long = np.array(found["gaps"])[np.searchsorted(GAPS, 23 * 3600.0)]
    assert 1.8 < long < 2
    assert sum(found["gaps"]) > 8
    assert one(closed_database, "SELECT count(*) FROM contact_pair") == 0


def test_taking_in_twice_or_in_between_changes_nothing(closed_database: Database) -> None:
    events = comings(9, range(-6, 0)) + comings(20, range(-6, 0, 2))
    counted(closed_database, events)
    for ago in (4.3, 2.2):
        told(closed_database, NOON - ago * DAY)
    for step in range(60, -1, -1):
        # In the middle of stays, too.
        take_in(closed_database, NOON - step * 2.45 * HOUR)
    often = state(closed_database)
    take_in(closed_database)
    assert state(closed_database) == often
    with closed_database.batch() as connection:
        for table in ("contact_party", "contact_pair", "person_rhythm"):
            connection.execute(f"DELETE FROM {table}")
    take_in(closed_database)
    assert flat(often) == pytest.approx(flat(state(closed_database)), rel=1e-9)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_people_alone_are_as_among_others(closed_database: Database, order: Sequence[int]) -> None:
    names = ("ana", "ben", "cleo")
    for name in names:
        counted(closed_database, comings(8 + names.index(name), (-4, -2, -1), person=name))
        told(closed_database, NOON - 3 * DAY, person=name)
    for place in order:
        take_in(closed_database, scope=Scope(people=(number(closed_database, names[place]),)))
    alone = state(closed_database)
    with closed_database.batch() as connection:
        for table in ("contact_party", "contact_pair", "person_rhythm"):
            connection.execute(f"DELETE FROM {table}")
    take_in(closed_database)
    assert flat(alone) == pytest.approx(flat(state(closed_database)), rel=1e-9)


def test_an_answer_is_a_response_or_else_the_next_coming(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-5, -4, -3, -1)))
    told(closed_database, wall(TODAY - 4 * DAY, 9.1))
    take_in(closed_database, wall(TODAY - 4 * DAY, 23))
    pair = "SELECT * FROM contact_pair WHERE from_id < 0"
    (row,) = rows(closed_database, pair)
    # That they went on with what they were at is no answer.
    assert (row["sent"], row["open"], row["answered"]) == (1, 1, 0)
    take_in(closed_database, wall(TODAY - 3 * DAY, 23))
    (row,) = rows(closed_database, pair)
    assert (row["open"], row["answered"], row["answered_in_hour"], row["answered_in_day"]) == (0, 1, 0, 1)
    told(closed_database, wall(TODAY - DAY, 9.1))
    responded(closed_database, wall(TODAY - DAY, 9.2))
    take_in(closed_database)
    (row,) = rows(closed_database, pair)
    assert (row["sent"], row["open"], row["answered"], row["answered_in_hour"]) == (2, 0, 2, 1)
    assert np.exp(row["answer_log"]) < 86_400
    found = party(closed_database)
    assert (found["heard"], found["answered_in_day"]) == (2, 2)


def test_a_past_that_is_filled_in_is_taken_in_anew_and_once(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-2, -1)))
    told(closed_database, NOON - 1.5 * DAY)
    take_in(closed_database)
    engine = "SELECT * FROM contact_party WHERE party_id < 0"
    before = rows(closed_database, engine)
    # Days before, some that join two stays, and some that go on with the last stay.
    counted(closed_database, comings(19, range(-30, -3), length=40), now=NOON)
    counted(closed_database, comings(9.4, (-1,)), now=NOON)
    take_in(closed_database)
    late = [party(closed_database), *rows(closed_database, "SELECT day, hour, hours FROM person_rhythm")]
    assert rows(closed_database, engine) == before
    with closed_database.batch() as connection:
        for table in ("contact_party", "contact_pair", "person_rhythm"):
            connection.execute(f"DELETE FROM {table}")
    take_in(closed_database)
    anew = [party(closed_database), *rows(closed_database, "SELECT day, hour, hours FROM person_rhythm")]
    assert flat([list(row.values()) for row in late]) == flat([list(row.values()) for row in anew])


def test_what_goes_on_with_a_stay_fills_nothing_in(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-3, -2, -1)))
    for minute in (10, 22, 27):
        counted(closed_database, comings(9 + minute / 60, (-1,), length=0))
    assert one(closed_database, "SELECT filled_in FROM person_state") == 0
    counted(closed_database, comings(7, (-2,)))
    assert one(closed_database, "SELECT filled_in FROM person_state") == 1


def test_who_ignores_something_has_not_answered_it(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-1,)))
    told(closed_database, wall(TODAY - DAY, 9.1))
    responded(closed_database, wall(TODAY - DAY, 9.2), "ignored")
    take_in(closed_database)
    assert one(closed_database, "SELECT open FROM contact_pair WHERE from_id < 0") == 1


def test_an_engine_knows_how_everybody_answers(closed_database: Database) -> None:
    for person, days in (("ana", (-4, -3)), ("ben", (-4,))):
        counted(closed_database, comings(9, days, person=person))
        told(closed_database, wall(TODAY - 4 * DAY, 12), person=person)
    counted(closed_database, comings(9, (-4, -3), person="ana"), organisation="umbrella")
    take_in(closed_database)
    (row,) = rows(closed_database, "SELECT * FROM contact_party WHERE party_id < 0")
    assert row["party_id"] == -row["organisation_id"]
    assert (row["person_id"], row["wrote"], row["heard"], row["got_in_day"]) == (None, 2, 1, 1)
    assert row["moved_at"] == row["heard_at"] == wall(TODAY - 3 * DAY, 9)
    # Of the two messages, half a week later; of the answer, three days later.
    assert row["wrote_week"] == pytest.approx(2 * 0.5 ** (21 / 24 / 7), rel=1e-6)


def test_the_hours_of_their_week_are_by_their_own_clock(closed_database: Database) -> None:
    live_in(closed_database, "ana", "Asia/Kolkata")
    counted(closed_database, comings(23.6, (-7,), zone="Asia/Kolkata", length=30))
    take_in(closed_database)
    (row,) = rows(closed_database, "SELECT * FROM person_rhythm")
    thursday, friday = 3 * 24 + 23, 4 * 24
    assert [place for place, hours in enumerate(row["hours"]) if hours] == [thursday, friday]
    assert (row["day"], row["hour"]) == (TODAY - 6 * DAY, 0)


def test_what_comes_late_is_a_coming_of_its_own_or_goes_on_with_one(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-5, -1)))
    take_in(closed_database)
    before = party(closed_database)
    counted(closed_database, comings(9, (-3,)), now=NOON)
    take_in(closed_database)
    assert (party(closed_database)["wrote"], party(closed_database)["wrote_at"]) == (3, before["wrote_at"])
    counted(closed_database, comings(9.5, (-1,)), now=NOON)
    take_in(closed_database)
    after = party(closed_database)
    assert (after["wrote"], after["wrote_at"]) == (3, wall(TODAY - DAY, 9.5) + 20 * MINUTE)


def test_who_is_erased_leaves_nothing_of_their_own(closed_database: Database) -> None:
    counted(closed_database, comings(9, (-2, -1)))
    told(closed_database, NOON - 2 * DAY)
    take_in(closed_database)
    with closed_database.batch() as connection:
        erase(connection, "acme", "ana")
    assert one(closed_database, "SELECT count(*) FROM contact_party WHERE party_id > 0") == 0
    assert one(closed_database, "SELECT count(*) FROM contact_pair") == 0
    assert one(closed_database, "SELECT count(*) FROM person_rhythm") == 0


def test_a_stay_of_months_is_no_trouble(closed_database: Database) -> None:
    counted(closed_database, comings(0, (-60,), length=40 * 24 * 60))
    take_in(closed_database, NOON + timedelta(minutes=1))
    assert party(closed_database)["wrote"] == 1
    assert sum(one(closed_database, "SELECT hours FROM person_rhythm")) > 600
