"""Tables are written as Parquet as they were at one moment, with the kinds that features expect."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tactful.facts.activity import PERSON_DAY, person_day, person_state
from tactful.store.database import Database
from tactful.store.exporting import export


def write_person(database: Database, name: str) -> None:
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1) ON CONFLICT DO NOTHING")
        made = "INSERT INTO people (organisation_id, external_id, holdout_bucket) VALUES (1, %s, 1) RETURNING id"
        person = connection.execute(made, (name,)).fetchone()
        assert person is not None
        connection.execute("INSERT INTO person_state (person_id, organisation_id) VALUES (%s, 1)", (person["id"],))
        connection.execute("SELECT ensure_partition('person_day', '2026-03-01')")
        connection.execute(
            "INSERT INTO person_day (person_id, day, organisation_id, zone, events, score_sum) "
            "VALUES (%s, '2026-03-29', 1, 'Europe/Berlin', 3, 0.1)",
            (person["id"],),
        )


def test_all_tables_are_those_of_one_moment_whatever_is_written_meanwhile(
    closed_database: Database, tmp_path: Path
) -> None:
    def meanwhile() -> Iterator[Any]:
        yield person_day
        write_person(closed_database, "boris")
        yield person_state

    write_person(closed_database, "ana")
    with closed_database.columns() as connection:
        assert export(connection, meanwhile(), tmp_path) == {"person_day": 1, "person_state": 1}
    with closed_database.columns() as connection:
        assert export(connection, [person_day, person_state], tmp_path) == {"person_day": 2, "person_state": 2}
    assert pl.read_parquet(tmp_path / "person_state.parquet").height == 2


def test_a_file_has_the_columns_that_features_read(closed_database: Database, tmp_path: Path) -> None:
    write_person(closed_database, "ana")
    with closed_database.columns() as connection:
        export(connection, [person_day], tmp_path)
    found = pl.read_parquet(tmp_path / "person_day.parquet")
    assert dict(found.schema) == dict(person_day.schema().to_polars())
    assert found.columns == list(PERSON_DAY)
    assert found.select("day", "zone", "events", "score_sum").rows() == [(date(2026, 3, 29), "Europe/Berlin", 3, 0.1)]
