"""Features are defined once: every capability's answer the same, value by value, on PostgreSQL, DuckDB and Spark.

A capability is found by its folder; its `tests/predict/<name>/example.py` says in `expression()` what it asks at `AT`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyspark.sql import SparkSession

from tactful.store.database import Database
from tactful.store.exporting import export
from tests.contracts.engines import Ask, on_duckdb, on_postgres, on_spark, small_spark, tables_of
from tests.contracts.state import rows
from tests.contracts.test_capabilities import NAMES, capability, example

FEATURES = [name for name in NAMES if hasattr(capability(name), "features")]
ROWS = 600

pytestmark = [pytest.mark.parametrize("name", FEATURES), pytest.mark.parametrize("size", [ROWS, 0])]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    with small_spark(tmp_path_factory.mktemp("spark")) as started:
        yield started


@contextmanager
def kept(database: Database, name: str, size: int, folder: Path) -> Iterator[Ask]:
    """PostgreSQL with rows in all tables that a capability reads, and the same as files in `folder`."""
    tables = tables_of(example(name).expression())
    with database.columns() as connection:
        for table in tables:
            made = rows(table, size, example(name).AT).to_arrow().cast(table.schema().to_pyarrow())
            with connection.cursor() as cursor:
                cursor.adbc_ingest(table.get_name(), made, mode="create", temporary=True)
        connection.commit()
        counts = export(connection, tables, folder)
        assert all((count > size / 4) == (size > 0) for count in counts.values())
        yield on_postgres(connection)


def test_duckdb_answers_what_postgresql_answers(
    module_database: Database, name: str, size: int, tmp_path: Path
) -> None:
    features = example(name).expression()
    with kept(module_database, name, size, tmp_path) as ask:
        found = ask(features)
    assert (found.height > 0) == (size > 0)
    same(on_duckdb(tmp_path)(features), found)


def test_spark_answers_what_postgresql_answers(
    module_database: Database, session: SparkSession, name: str, size: int, tmp_path: Path
) -> None:
    features = example(name).expression()
    with kept(module_database, name, size, tmp_path) as ask:
        found = ask(features)
    same(on_spark(session, tmp_path)(features), found)


def test_one_person_is_answered_as_among_all(module_database: Database, name: str, size: int, tmp_path: Path) -> None:
    features: Any = example(name).expression()
    with kept(module_database, name, size, tmp_path) as ask:
        everybody = ask(features)
        for person in [*everybody["person_id"].unique().head(4), 2**62, 404]:
            alone = ask(features.filter(features.person_id == person))
            same(alone, everybody.filter(pl.col("person_id") == person))


def same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Equal, but for the last rounding of what was divided."""
    assert_frame_equal(found, expected, check_exact=False, rel_tol=1e-12, abs_tol=0)
