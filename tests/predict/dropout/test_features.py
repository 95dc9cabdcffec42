"""The same expression on PostgreSQL and DuckDB, for one person and for all, never looking ahead."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import ibis
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.bootstrap import rules_of
from tactful.decide import Rules
from tactful.facts.activity import PERSON_DAY, RECENT, Window, person_day, person_state, window
from tactful.kernel.chance import draw
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.loop import RECENT_WEEKS, look
from tactful.predict import dropout
from tactful.store.copying import copy_frame
from tactful.store.database import Database
from tactful.store.decided import features
from tactful.store.decided.moments import Scope
from tactful.store.reading import Ask, RowReader, reader
from tactful.store.sensed import events
from tactful.store.steps import run

AT = datetime(2026, 3, 15, 9, tzinfo=UTC)
DAY = AT.date()
PEOPLE = 40


def days() -> pl.DataFrame:
    """Random days of PEOPLE over three months around DAY, the same in every run."""

    def row(person: int, ago: int) -> dict[str, Any]:
        numbers = [draw(5, person, ago + 30, each) for each in range(5)]
        scored, felt = int(numbers[1] * 4), int(numbers[2] * 3)
        return dict.fromkeys(PERSON_DAY, 0) | {
            "person_id": person,
            "day": DAY - timedelta(days=ago),
            "organisation_id": 1,
            "zone": "UTC",
            "events": 1 + int(numbers[0] * 9),
            "sessions": int(numbers[0] * 5),
            "score_sum": scored * numbers[3],
            "score_count": scored,
            "sentiment_sum": felt * (numbers[4] * 2 - 1),
            "sentiment_count": felt,
        }

    drawn = [
        row(p, ago) for p in range(1, PEOPLE + 1) for ago in range(-20, 70) if draw(5, p, ago + 30, 9) < p / PEOPLE
    ]
    return pl.DataFrame(drawn).with_columns(pl.col("score_sum", "sentiment_sum", "seconds").cast(pl.Float64))


@pytest.fixture(scope="module")
def database(module_database: Database) -> Database:
    """People, their state and their days."""
    with module_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        connection.execute(
            "INSERT INTO people (organisation_id, external_id, holdout_bucket) "
            "SELECT 1, 'p' || n, 5000 FROM generate_series(1, %s) n",
            (PEOPLE,),
        )
        connection.execute("INSERT INTO person_state (person_id, organisation_id) SELECT id, 1 FROM people")
        for month in ("2026-01-01", "2026-02-01", "2026-03-01", "2026-04-01"):
            connection.execute("SELECT ensure_partition('person_day', %s)", (month,))
        copy_frame(connection, "person_day", days())
    return module_database


def in_duckdb(rows: pl.DataFrame, expression: Any) -> pl.DataFrame:
    with duckdb.connect() as engine:
        engine.register("person_day", rows.to_arrow())
        found = pl.DataFrame(engine.sql(ibis.to_sql(expression, dialect="duckdb")).to_arrow_table())
    return found.select(pl.col(name).cast(kind) for name, kind in RECENT.items()).sort("person_id")


def in_postgres(database: Database, scope: Scope, *, few: bool, at: datetime = AT) -> pl.DataFrame:
    with reader(database, few=few) as source:
        return features.read(source, RECENT_WEEKS, scope, at=at).sort("person_id")


def test_postgresql_and_duckdb_answer_the_same(database: Database) -> None:
    on_duckdb = in_duckdb(days(), dropout.features(person_day, window(DAY)))
    assert on_duckdb.height > PEOPLE * 0.8
    assert_frame_equal(in_postgres(database, Scope(), few=False), on_duckdb)


def test_one_person_gets_the_same_row_as_in_the_whole(database: Database) -> None:
    everybody = in_postgres(database, Scope(), few=False)
    for person in everybody["person_id"].head(5):
        alone = in_postgres(database, Scope(people=(person,)), few=True)
        assert_frame_equal(alone, everybody.filter(pl.col("person_id") == person))


def test_a_range_of_people_is_read_without_its_neighbours(database: Database) -> None:
    some = in_postgres(database, Scope(after=10, upto=20), few=False)
    assert_frame_equal(some, in_postgres(database, Scope(), few=False).filter(pl.col("person_id").is_between(11, 20)))


def test_later_days_and_older_ones_change_nothing() -> None:
    expression = dropout.features(person_day, window(DAY))
    within = pl.col("day").is_between(DAY - timedelta(days=27), DAY)
    rows = days()
    assert rows.filter(~within).height > 100
    assert_frame_equal(in_duckdb(rows, expression), in_duckdb(rows.filter(within), expression))


def test_a_day_that_has_begun_in_the_east_is_read_and_the_next_one_never_is(database: Database) -> None:
    assert features.latest_window(AT).last == DAY
    evening = features.latest_window(AT.replace(hour=20))
    assert (evening.week_1, evening.last) == (DAY - timedelta(days=7), DAY + timedelta(days=1))
    expression = dropout.features(person_day, evening)
    assert_frame_equal(in_postgres(database, Scope(), few=False, at=AT.replace(hour=20)), in_duckdb(days(), expression))


def test_only_the_months_of_the_window_are_scanned(database: Database) -> None:
    class Explaining:
        """Answers with the plan instead of the rows."""

        def read(self, statement: str, values: Any, schema: Any) -> pl.DataFrame:
            with database.batch() as connection:
                found = connection.execute(f"EXPLAIN {statement}", values).fetchall()
            return pl.DataFrame({"plan": [row["QUERY PLAN"] for row in found]})

        def run(self, statement: str, values: Any = ()) -> None:
            raise AssertionError("one person needs no settings")

        def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
            raise AssertionError(one, other)

    plan = "\n".join(features.read(Explaining(), RECENT_WEEKS, Scope(people=(3,)), at=AT)["plan"])
    assert "person_day_202602" in plan
    assert "person_day_202603" in plan
    assert "person_day_202601" not in plan
    assert "person_day_202604" not in plan


def test_an_expression_of_any_window_compiles_to_placeholders_only() -> None:
    def last_days(table: Any, when: Window) -> Any:
        return table.filter(table.day <= when.last).group_by("person_id").agg(last=table.day.max())

    class Noting:
        said: tuple[str, Any] = ("", ())

        def read(self, statement: str, values: Any, schema: Any) -> pl.DataFrame:
            self.said = (statement, values)
            return pl.DataFrame(schema=schema)

        def run(self, statement: str, values: Any = ()) -> None:
            raise AssertionError(statement)

        def both(self, one: Ask, other: Ask) -> tuple[pl.DataFrame, pl.DataFrame]:
            raise AssertionError(one, other)

    noting = Noting()
    question = features.Question(last_days, {"person_id": pl.Int64, "last": pl.Date})
    question.ask(noting, Scope(people=(7,)), when=window(DAY), at=AT)
    statement, values = noting.said
    assert "9000" not in statement
    assert values == [[7], DAY]
    assert statement.count("%s") == 2


def test_the_truth_is_silence_through_the_whole_horizon() -> None:
    state = pl.DataFrame(
        {
            "person_id": [1, 2, 3, 4],
            "first_seen_at": [datetime(2026, 3, day, tzinfo=UTC) for day in (1, 1, 1, 20)],
        }
    )
    later = pl.DataFrame(
        {"person_id": [1, 2, 3], "day": [date(2026, 3, 15), date(2026, 3, 25), date(2026, 3, 26)], "events": [1, 1, 1]}
    )
    statement = ibis.to_sql(dropout.labels(person_state, person_day, day=DAY, horizon=10), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("person_state", state.to_arrow())
        engine.register("person_day", later.to_arrow())
        told = dict(engine.sql(statement).fetchall())
    assert told == {1: True, 2: False, 3: True}


def test_settings_reach_the_beliefs_of_a_turn(database: Database) -> None:
    def levels(**changed: float) -> set[str]:
        rules = rules_of(Settings({f"dropout.{name}": value for name, value in changed.items()}))
        with database.batch() as connection:
            connection.execute(
                "UPDATE person_state SET active_days = 9, first_seen_at = %s, last_seen_at = %s",
                (AT - timedelta(days=9), AT),
            )
            seen = look(RowReader(connection), Scope(), at=AT, rules=rules)
            connection.rollback()
        return set(seen["risk_level"])

    assert "low" in levels()
    assert levels(critical_from=0, high_from=0, medium_from=0) == {"critical"}
    assert rules_of(Settings({})).print != rules_of(Settings({"dropout.critical_from": 0.9})).print


def test_declining_sessions_per_week_are_a_high_risk(closed_database: Database) -> None:
    """The seed's own example: sessions_per_week=[10, 8, 5, 3, 1]."""
    per_week = [10, 8, 5, 3, 1]
    rows = [
        ("acme", Event(f"{week}-{number}", "ana", "visit", AT - timedelta(weeks=4 - week, hours=14 * number + 1)))
        for week, count in enumerate(per_week)
        for number in range(count)
    ]
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        run(connection, events.count_rows(rows, now=AT))
    with reader(closed_database, few=True) as source:
        (ana,) = look(source, Scope(), at=AT, rules=Rules.from_settings(Settings({}))).to_dicts()
    assert ana["sessions_by_week"] == [1, 3, 5, 8]
    assert ana["risk_score"] > 0.5
    assert "declining_engagement" in ana["risk_factors"]
    assert ana["risk_level"] in ("high", "critical")
