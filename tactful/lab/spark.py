"""Features past one machine: the expressions that serve, on a Spark cluster of your own, over tables kept as Parquet.

Needs the extra `tactful[spark]`; nothing else of Tactful knows Spark. How to: docs/guides/past-one-machine.md.
"""

import warnings
from typing import Any

import ibis
from ibis.expr.operations import UnboundTable
from pyspark.sql import DataFrame, SparkSession

with warnings.catch_warnings():
    # It is about functions that run pandas inside Spark; no feature is one.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    from ibis.backends.pyspark.datatypes import PySparkSchema

# Ibis compiles only for what it has loaded.
DIALECT = ibis.pyspark.name


def asked(session: SparkSession, features: Any, tables: str) -> DataFrame:
    """The rows of `features`, worked out by the cluster when they are needed.

    session: yours; it stays as it is, for the question gets a session of its own beside it, in UTC.
    features: an Ibis expression over tables of `facts`, such as a capability's `features(...)`.
    tables: the folder or address under which each of them lies as `<name>.parquet`, a file or a folder of files;
    `store.exporting.export` writes them so.
    returns: a Spark frame; `.write.parquet(...)` leaves the rows with the cluster, `.toArrow()` fetches them.
    raises: pyspark.errors.AnalysisException when a table is not there.
    """
    own = session.newSession()
    own.conf.set("spark.sql.session.timeZone", "UTC")
    for table in features.op().find(UnboundTable):
        rows = own.read.schema(PySparkSchema.from_ibis(table.schema)).parquet(f"{tables}/{table.name}.parquet")
        rows.createOrReplaceTempView(table.name)
    return own.sql(str(ibis.to_sql(features, dialect=DIALECT)))
