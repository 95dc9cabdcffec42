"""Curves are read by the same expression on PostgreSQL and DuckDB, and never beyond the day asked about."""

from datetime import timedelta

import duckdb
import ibis
import polars as pl
from polars.testing import assert_frame_equal

from tactful.facts.curves import ATTEMPT, CURVE, advance, skill_curve
from tactful.predict import plateau
from tactful.store.database import Database
from tests.predict.plateau.learners import TODAY, learners

KIND = {"int64": "bigint", "int32": "integer", "string": "text", "float64": "double precision", "date": "date",
        "array<float64>": "double precision[]", "array<int32>": "integer[]"}  # fmt: skip


def state() -> pl.DataFrame:
    """Curves of which some go beyond TODAY."""
    log = learners(40).filter(pl.col("day") <= TODAY + timedelta(days=1)).select(list(ATTEMPT))
    return advance(pl.DataFrame(schema=CURVE), log)


def expected() -> pl.DataFrame:
    known = state().filter(pl.col("last_day") <= TODAY)
    assert 0 < known.height < state().height
    return known


def in_order(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(pl.col(name).cast(kind) for name, kind in CURVE.items()).sort("person_id", "skill_id")


def test_duckdb_reads_the_curves_that_end_by_the_day() -> None:
    statement = ibis.to_sql(plateau.features(skill_curve, last=TODAY), dialect="duckdb")
    with duckdb.connect() as engine:
        engine.register("skill_curve", state().to_arrow())
        found = pl.DataFrame(engine.sql(statement).to_arrow_table())
    assert_frame_equal(in_order(found), expected())


def test_postgresql_reads_the_same(database: Database) -> None:
    statement = ibis.to_sql(plateau.features(skill_curve, last=TODAY), dialect="postgres")
    columns = skill_curve.schema().items()
    made = ", ".join(f"{name} {KIND[str(kind)]}" for name, kind in columns)
    with database.batch() as connection:
        connection.execute(f"CREATE TEMP TABLE skill_curve ({made})")
        with connection.cursor() as cursor:
            marks = ", ".join(["%s"] * len(CURVE))
            cursor.executemany(f"INSERT INTO skill_curve VALUES ({marks})", state().rows())
            found = cursor.execute(str(statement)).fetchall()
    assert_frame_equal(in_order(pl.DataFrame(found, schema=CURVE, orient="row")), expected())


def test_what_is_read_can_be_asked_about_at_once() -> None:
    known = expected().with_columns(local_day=pl.lit(TODAY))
    assert plateau.given(known).height == known.height
