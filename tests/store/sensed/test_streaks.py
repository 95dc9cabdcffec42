"""Streaks in the person's own day: in any order, through clock changes, on travels, with days off."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tactful.kernel.records import Event
from tactful.store.database import Connection, Database
from tactful.store.decided import asof
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader
from tactful.store.sensed.events import count_rows
from tactful.store.steps import run
from tests.often import often
from tests.streaks import Lived, Streaks, streaks

ZONES = ("UTC", "Europe/Lisbon", "Australia/Lord_Howe", "America/Santiago", "Asia/Beirut", "Pacific/Apia")
# Around clock changes of these zones.
FROM = (date(2026, 3, 20), date(2026, 10, 20), date(2026, 3, 30), date(2026, 9, 1))
STATE = "SELECT current_streak, longest_streak, comebacks, week_days, active_days, streak_day FROM person_state"
KNOWN = """SELECT s.current_streak, s.longest_streak, s.comebacks, s.week_days FROM {}.person_state s
             JOIN people p ON p.id = s.person_id WHERE external_id = %s"""


def at(day: date, zone: str, hour: int = 12) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def come(
    connection: Connection, lived: Sequence[Lived], *, person: str = "ana", rest: int = 0, large: int = 100
) -> None:
    """Count an event at noon of each of these days, all at once; devices tell their zone."""
    events = [Event(f"{person}-{day}", person, "visit", at(day, zone), properties={"zone": zone})
              for day, zone in lived]  # fmt: skip
    rows = [("acme", each) for each in events]
    run(connection, count_rows(rows, now=datetime(2027, 1, 1, tzinfo=UTC), rest_days=rest, large=large))


def told(connection: Connection, person: str = "ana", schema: str = "public") -> Streaks:
    row = connection.execute(KNOWN.format(schema), (person,)).fetchone()
    assert row is not None
    return Streaks(row["current_streak"], row["longest_streak"], row["comebacks"], row["week_days"])


@settings(max_examples=often(60))
@given(st.data())
def test_days_in_any_order_and_groups_make_the_same_streaks(module_database: Database, data: st.DataObject) -> None:
    zone, start = data.draw(st.sampled_from(ZONES)), data.draw(st.sampled_from(FROM))
    rest = data.draw(st.integers(0, 3))
    off = data.draw(st.sets(st.integers(0, 44), max_size=18)) | data.draw(st.sampled_from([set(), set(range(9, 27))]))
    lived = [(start + timedelta(days=n), zone) for n in range(45) if n not in off]
    told_in = data.draw(st.permutations(lived)) if data.draw(st.booleans()) else lived
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(lived) - 1)), max_size=6)))
    large = data.draw(st.sampled_from([1, 100]))
    with module_database.batch() as connection:
        for first, last in zip([0, *cuts], [*cuts, len(lived)], strict=True):
            if first < last:
                come(connection, told_in[first:last], rest=rest, large=large)
        assert told(connection) == streaks_by_order(told_in, cuts, rest)
        asof.shadow(RowReader(connection), Scope(), datetime(2027, 1, 1, tzinfo=UTC), rest=(rest, {}))
        assert told(connection, schema="pg_temp") == streaks(lived, rest)
        connection.rollback()


def streaks_by_order(told_in: Sequence[Lived], cuts: Sequence[int], rest: int) -> Streaks:
    """A streak that was once reached stays the longest; all else depends on the days alone."""
    longest = max(streaks(told_in[:cut], rest).longest for cut in [*cuts, len(told_in)] if cut)
    return streaks(told_in, rest)._replace(longest=longest)


@pytest.mark.parametrize(("flown", "current"), [
    # Over the date line eastwards: a day is left out of the calendar, and nobody had it.
    ([(date(2026, 5, 4), "Pacific/Honolulu"), (date(2026, 5, 6), "Pacific/Auckland")], 2),
    # Westwards: the same day twice, and the next one after it.
    ([(date(2026, 5, 5), "Pacific/Auckland"), (date(2026, 5, 6), "Pacific/Auckland")], 2),
    # A short day is a day.
    ([(date(2026, 5, 4), "Europe/London"), (date(2026, 5, 6), "Asia/Tokyo")], 1),
    ([(date(2026, 5, 4), "Asia/Tokyo"), (date(2026, 5, 6), "Europe/London")], 1),
])  # fmt: skip
def test_who_travels_keeps_a_streak_they_did_not_break(
    module_database: Database, flown: list[Lived], current: int
) -> None:
    with module_database.batch() as connection:
        for each in flown:
            come(connection, [each])
        assert told(connection).current == current == streaks(flown).current
        connection.rollback()


def test_the_same_day_lived_twice_counts_once(module_database: Database) -> None:
    with module_database.batch() as connection:
        come(connection, [(date(2026, 5, 5), "Pacific/Auckland")])
        later = Event("again", "ana", "visit", at(date(2026, 5, 5), "Pacific/Honolulu"),
                      properties={"zone": "Pacific/Honolulu"})  # fmt: skip
        run(connection, count_rows([("acme", later)], now=datetime(2027, 1, 1, tzinfo=UTC)))
        row = connection.execute(STATE).fetchone()
        assert row is not None
        assert (row["current_streak"], row["active_days"]) == (1, 1)
        connection.rollback()


def test_an_organisation_s_own_days_off_hold_for_its_people_alone(module_database: Database) -> None:
    week = [(date(2026, 5, day), "UTC") for day in (1, 2, 3, 4, 5, 6, 8)]
    with module_database.batch() as connection:
        come(connection, week[:-1])
        connection.execute(
            "INSERT INTO own_settings (organisation_id, area, version, at, actor, body) "
            "SELECT id, 'settings', 1, now(), 'test', '{\"sense.rest_days\": 1}' FROM organisations"
        )
        come(connection, week[-1:])
        assert told(connection).current == 7
        connection.rollback()
    with module_database.batch() as connection:
        come(connection, week, large=1)
        assert told(connection).current == 1
        connection.rollback()
