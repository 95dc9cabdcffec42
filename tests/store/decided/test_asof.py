"""The past, rebuilt, is what the serving tables said then."""

from datetime import timedelta

import polars as pl
import pytest

from tactful.store.database import Database
from tactful.store.decided import asof
from tactful.store.decided.moments import Scope
from tactful.store.reading import RowReader, reader
from tests.living import NOW, rows, settle_in

STATE = """SELECT person_id, first_seen_at, last_seen_at, last_completion_at, events, active_days, current_streak,
                  longest_streak, streak_day, morning_hour, evening_hour FROM person_state
            WHERE first_seen_at IS NOT NULL ORDER BY person_id"""
DAYS = """SELECT person_id, day, events, sessions, completions, round(score_sum::numeric, 9) AS score_sum, score_count,
                 round(sentiment_sum::numeric, 9) AS sentiment_sum, sentiment_count, seconds
            FROM person_day ORDER BY person_id, day"""


@pytest.mark.parametrize("query", [STATE, DAYS], ids=["state", "days"])
def test_rebuilding_the_present_gives_the_serving_tables(closed_database: Database, query: str) -> None:
    settle_in(closed_database)
    serving = rows(closed_database, query)
    with closed_database.batch() as connection:
        asof.shadow(RowReader(connection), Scope(), NOW)
        assert connection.execute(query).fetchall() == serving
    assert rows(closed_database, query) == serving, "the shadow is gone"


@pytest.mark.parametrize("query", [STATE, DAYS], ids=["state", "days"])
def test_later_facts_do_not_reach_back(closed_database: Database, query: str) -> None:
    then = NOW - timedelta(days=9, hours=5)
    settle_in(closed_database)
    before = {}
    for later in (True, False):
        if not later:
            with closed_database.batch() as connection:
                connection.execute("DELETE FROM events WHERE occurred_at > %s", (then,))
        with closed_database.batch() as connection:
            source = RowReader(connection)
            asof.shadow(source, Scope(), then)
            before[later] = connection.execute(query).fetchall()
    assert before[True] == before[False]
    assert before[True] != rows(closed_database, query)


def test_columns_and_rows_read_the_same_past(closed_database: Database) -> None:
    settle_in(closed_database, count=10)
    then = NOW - timedelta(days=20)
    ends = {}
    for few in (True, False):
        with reader(closed_database, few=few) as source:
            asof.shadow(source, Scope(), then)
            ends[few] = source.read("SELECT sum(events)::bigint AS events FROM person_day", [], {"events": pl.Int64})
    assert ends[True].equals(ends[False])


def test_the_past_is_what_somebody_names_not_what_facts_say() -> None:
    assert asof.is_past(NOW - timedelta(minutes=5), NOW)
    assert not asof.is_past(NOW - timedelta(minutes=5), NOW, margin=asof.LATE)
    assert not asof.is_past(NOW - timedelta(seconds=1), NOW), "asking takes a moment"
    assert not asof.is_past(NOW + timedelta(hours=1), NOW)
