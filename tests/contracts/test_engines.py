"""Features are defined once: every capability's answer the same, value by value, on PostgreSQL, DuckDB and Spark.

A capability is found by its folder; its `tests/predict/<name>/example.py` says in `expression()` what it asks at `AT`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession

from tactful.facts.activity import person_day, person_state, window
from tactful.lab import spark
from tactful.predict import dropout
from tactful.store.database import Database
from tactful.store.exporting import export
from tests.contracts.engines import ELSEWHERE, Ask, on_duckdb, on_postgres, on_spark, small_spark, tables_of, told
from tests.contracts.state import rows
from tests.contracts.test_capabilities import NAMES, capability, example
from tests.house.test_examples import blocks, variables
from tests.living import NOW, settle_in

FEATURES = [name for name in NAMES if hasattr(capability(name), "features")]
ROWS = 600

AT = datetime(2026, 3, 15, 12, tzinfo=UTC)


def every_capability(test: Any) -> Any:
    """Run for each of them, with rows and without any."""
    return pytest.mark.parametrize("size", [ROWS, 0])(pytest.mark.parametrize("name", FEATURES)(test))


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    with small_spark(tmp_path_factory.mktemp("spark")) as started:
        yield started


@contextmanager
def kept(database: Database, features: Any, folder: Path, *, size: int = ROWS, at: datetime = AT) -> Iterator[Ask]:
    """PostgreSQL with rows in all tables that `features` reads, and the same as files in `folder`."""
    tables = tables_of(features)
    with database.columns() as connection:
        for table in tables:
            made = rows(table, size, at).to_arrow().cast(table.schema().to_pyarrow())
            with connection.cursor() as cursor:
                cursor.adbc_ingest(table.get_name(), made, mode="create", temporary=True)
        connection.commit()
        counts = export(connection, tables, folder)
        assert all((count > 20) == (size > 0) for count in counts.values())
        yield on_postgres(connection)


@every_capability
def test_duckdb_answers_what_postgresql_answers(
    module_database: Database, name: str, size: int, tmp_path: Path
) -> None:
    features = example(name).expression()
    with kept(module_database, features, tmp_path, size=size, at=example(name).AT) as ask:
        found = ask(features)
    assert (found.height > 0) == (size > 0)
    same(on_duckdb(tmp_path)(features), found)


@every_capability
def test_spark_answers_what_postgresql_answers(
    module_database: Database, session: SparkSession, name: str, size: int, tmp_path: Path
) -> None:
    features = example(name).expression()
    with kept(module_database, features, tmp_path, size=size, at=example(name).AT) as ask:
        found = ask(features)
    same(on_spark(session, tmp_path)(features), found)


@every_capability
def test_one_person_is_answered_as_among_all(module_database: Database, name: str, size: int, tmp_path: Path) -> None:
    features: Any = example(name).expression()
    with kept(module_database, features, tmp_path, size=size, at=example(name).AT) as ask:
        everybody = ask(features)
        for person in [*everybody["person_id"].unique().head(4), 2**62, 404]:
            alone = ask(features.filter(features.person_id == person))
            same(alone, everybody.filter(pl.col("person_id") == person))


def test_a_cluster_far_from_utc_tells_the_same_days(
    module_database: Database, session: SparkSession, tmp_path: Path
) -> None:
    seen = person_state.last_seen_at
    features = person_state.select("person_id", at=seen, day=seen.date())
    with kept(module_database, features, tmp_path) as ask:
        found = ask(features)
    assert (found["at"].dt.convert_time_zone(ELSEWHERE).dt.date() != found["day"]).sum() > 0
    same(on_spark(session, tmp_path)(features), found)


def test_a_question_leaves_the_session_it_came_with_as_it_was(
    module_database: Database, session: SparkSession, tmp_path: Path
) -> None:
    features = person_state.select("person_id")
    with kept(module_database, features, tmp_path):
        assert on_spark(session, tmp_path)(features).height > 20
    assert session.conf.get("spark.sql.session.timeZone") == ELSEWHERE
    assert not session.catalog.tableExists("person_state")


def test_a_table_that_was_not_exported_is_named(session: SparkSession, tmp_path: Path) -> None:
    with pytest.raises(AnalysisException, match=r"person_state\.parquet"):
        spark.asked(session, person_state.select("person_id"), str(tmp_path))


def test_the_guide_works_as_it_stands(
    closed_database: Database, redis_url: str, session: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_in(closed_database)
    for name, value in variables(closed_database, redis_url).items():
        monkeypatch.setenv(name, value)
    for block in blocks("guides/past-one-machine.md", "python"):
        # Spark started elsewhere, so both folders are named in full.
        exec(re.sub('"(exported|features)"', rf'"{tmp_path}/\1"', block), {})
    found = told(session.read.parquet(f"{tmp_path}/features").toArrow(), example("dropout").expression())
    with closed_database.columns() as connection:
        same(found, on_postgres(connection)(dropout.features(person_day, window(NOW.date()))))
    assert found.height > 20


def same(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    """Equal, but for the last rounding of what was divided."""
    assert_frame_equal(found, expected, check_exact=False, rel_tol=1e-12, abs_tol=0)
