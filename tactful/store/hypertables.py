"""The time series of live sessions as TimescaleDB's hypertables, where it is there when the tables are made.

Everywhere else they are partitioned like the other tables that grow with time (`security.PARTITION_FUNCTION`); whoever
reads or writes them asks the same of both. Which tables: those whose `info` says how much time a chunk holds.

Chunks lie in a schema of our own, which no role of requests may use. TimescaleDB gives each chunk the rights of its
hypertable but not the row security, so that in its own schema, open to all, a chunk could be read past it. Only the
older form of `create_hypertable` takes that schema, so it is the one that is called.
"""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table
from sqlalchemy.engine import Connection

SCHEMA = "tactful_chunks"

# The two calls we make, in the form in which we make them: version 2 and newer.
USABLE = """
SELECT count(DISTINCT p.proname) = 2 AS usable
  FROM pg_extension e JOIN pg_proc p ON p.pronamespace = e.extnamespace
 WHERE e.extname = 'timescaledb'
   AND (p.proname = 'create_hypertable' AND 'associated_schema_name' = ANY(p.proargnames)
        OR p.proname = 'drop_chunks' AND p.proargnames[1] = 'relation')
"""
MADE = """
DO $$
DECLARE
  home text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'timescaledb');
  series record;
BEGIN
  FOR series IN SELECT * FROM (VALUES {series}) AS s (name, instant, chunk) LOOP
    EXECUTE format('SELECT %s.create_hypertable(%L::regclass, %L::name, chunk_time_interval => %L::interval,'
                   ' associated_schema_name => %L, create_default_indexes => false)',
                   home, 'public.' || series.name, series.instant, series.chunk, '{schema}');
  END LOOP;
END $$
"""

# Which tables are hypertables, and dropping what retention no longer keeps of one. Written so that they can be made
# where there is no TimescaleDB.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION hypertables() RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF to_regclass('timescaledb_information.hypertables') IS NOT NULL THEN
    RETURN QUERY EXECUTE 'SELECT hypertable_name::text FROM timescaledb_information.hypertables
                           WHERE hypertable_schema = ''public'' ORDER BY 1';
  END IF;
END $$;
REVOKE ALL ON FUNCTION hypertables() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hypertables() TO service_role;
CREATE OR REPLACE FUNCTION drop_chunks_before(parent text, before timestamptz) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
  home text := (SELECT extnamespace::regnamespace FROM pg_extension WHERE extname = 'timescaledb');
  went bigint;
BEGIN
  IF parent NOT IN ({series}) THEN
    RAISE EXCEPTION '% is not kept for a time', parent;
  END IF;
  EXECUTE format('SELECT count(*) FROM %s.drop_chunks(%L::regclass, older_than => $1)', home, 'public.' || parent)
     INTO went USING before;
  RETURN went;
END $$;
REVOKE ALL ON FUNCTION drop_chunks_before(text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_chunks_before(text, timestamptz) TO service_role;
"""


def usable(connection: Connection) -> bool:
    """Whether the database has a TimescaleDB whose calls we know."""
    return bool(connection.exec_driver_sql(USABLE).scalar())


def series(metadata: MetaData) -> list[Table]:
    """The tables that are hypertables where they can be."""
    return [table for table in metadata.sorted_tables if "chunk" in table.info]


def listed(metadata: MetaData) -> str:
    """Their names as they stand in SQL, between commas."""
    return ", ".join(f"'{table.name}'" for table in series(metadata))


def functions(metadata: MetaData) -> str:
    """The statements that make `FUNCTIONS`."""
    return FUNCTIONS.replace("{series}", listed(metadata))


def unpartitioned(table: Table) -> Table:
    """The same table without partitions: only such a one can become a hypertable."""
    plain = table.to_metadata(MetaData(naming_convention=table.metadata.naming_convention))
    plain.dialect_options["postgresql"]["partition_by"] = None
    return plain


def made(metadata: MetaData) -> Iterator[str]:
    """The statements that make hypertables of tables that are there and empty."""
    values = (f"('{each.name}', '{each.info['partition_by']}', '{each.info['chunk']}')" for each in series(metadata))
    yield f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"
    yield MADE.replace("{series}", ", ".join(values)).replace("{schema}", SCHEMA)
