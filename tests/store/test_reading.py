"""Reading for many people."""

from typing import Any

import polars as pl

from tactful.store.database import Database
from tactful.store.reading import Reader, RowReader, literal, reader

COUNT = "SELECT count(*) AS n FROM organisations"
SCHEMA: dict[str, Any] = {"n": pl.Int64}


def found(organisation: str, database: Database) -> None:
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES (%s, 1)", (organisation,))


def test_two_questions_asked_at_once_are_about_the_same_moment(closed_database: Database) -> None:
    found("acme", closed_database)

    def count(source: Reader) -> pl.DataFrame:
        # Whichever is asked first, the other one begins after this was committed.
        found(f"later-{id(source)}", closed_database)
        return source.read(COUNT, [], SCHEMA)

    with reader(closed_database, few=False) as source:
        one, other = source.both(count, count)
    assert (one["n"][0], other["n"][0]) == (1, 1)
    with reader(closed_database, few=False) as source:
        assert source.read(COUNT, [], SCHEMA)["n"][0] == 3


def test_one_person_is_asked_about_on_the_callers_transaction(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        one, other = RowReader(connection).both(
            lambda source: source.read(COUNT, [], SCHEMA), lambda source: source.read(COUNT, [], SCHEMA)
        )
    assert one["n"][0] == other["n"][0] == 1


def test_values_are_quoted_where_they_are_written_into_a_statement() -> None:
    assert literal("SELECT %s, %s", ["it's", None]) == "SELECT 'it''s', NULL"
