"""Frames written into a statement."""

from datetime import UTC, date, datetime
from typing import Any

import polars as pl
from psycopg import sql

from tactful.store.database import Database
from tactful.store.literals import rows, upsert

AWKWARD = ['quo"te', "back\\slash", "it's", "{curly}", "com,ma", "NULL", "", " ", "zwei\nZeilen", "größer", "%s", None]


def read(database: Database, frame: pl.DataFrame) -> list[dict[str, Any]]:
    statement = sql.SQL("SELECT * FROM {}").format(rows(frame, "w"))
    with database.batch() as connection:
        return connection.execute(statement).fetchall()


def test_text_comes_back_as_it_was_whatever_is_in_it(closed_database: Database) -> None:
    frame = pl.DataFrame({"said": AWKWARD}, schema={"said": pl.String})
    assert [row["said"] for row in read(closed_database, frame)] == AWKWARD


def test_numbers_days_and_instants_come_back_exactly(closed_database: Database) -> None:
    frame = pl.DataFrame(
        {
            "whole": [2**53, None, -1],
            "real": [0.1 + 0.2, None, -1e-300],
            "day": [date(2024, 2, 29), None, date(1970, 1, 1)],
            "at": [datetime(2026, 3, 29, 1, 0, 0, 1, tzinfo=UTC), None, datetime(1970, 1, 1, tzinfo=UTC)],
        },
        schema={"whole": pl.Int64, "real": pl.Float64, "day": pl.Date, "at": pl.Datetime("us", "UTC")},
    )
    assert read(closed_database, frame) == frame.to_dicts()


def test_rows_are_set_whole_and_times_that_only_move_on_are_kept(closed_database: Database) -> None:
    kinds: dict[str, Any] = {
        "id": pl.Int64,
        "hours": pl.Array(pl.Float64, 2),
        "said": pl.String,
        "at": pl.Datetime("us", "UTC"),
    }
    early, late = (datetime(2026, 3, day, tzinfo=UTC) for day in (1, 2))
    first = pl.DataFrame({"id": [1, 2], "hours": [[0.1, 1], None], "said": ["a", "b"], "at": [late, early]}, kinds)
    then = pl.DataFrame({"id": [1, 2], "hours": [[2, 3], [4, 5]], "said": [None, "c"], "at": [early, late]}, kinds)
    with closed_database.batch() as connection:
        connection.execute("CREATE TEMP TABLE w (id bigint PRIMARY KEY, hours float8[], said text, at timestamptz)")
        connection.execute(upsert("w", first, ["id"], latest=["at"]))
        assert connection.execute("SELECT * FROM w ORDER BY id").fetchall() == first.to_dicts()
        connection.execute(upsert("w", then, ["id"], latest=["at"]))
        kept = connection.execute("SELECT * FROM w ORDER BY id").fetchall()
    assert kept == [{**row, "at": late} for row in then.to_dicts()]
