-- What TimescaleDB documents of the calls that are made here, on plain tables: a hypertable stays one table, refuses what
-- TimescaleDB refuses, and loses whole chunks at once. Every call is written down in standin.calls.

CREATE SCHEMA standin;
CREATE TABLE standin.calls (number bigint GENERATED ALWAYS AS IDENTITY, call text NOT NULL);
CREATE TABLE standin.hypertables (
  relation regclass PRIMARY KEY, instant name NOT NULL, chunk interval NOT NULL, home name NOT NULL);

CREATE SCHEMA timescaledb_information;
CREATE VIEW timescaledb_information.hypertables AS
SELECT n.nspname AS hypertable_schema, c.relname AS hypertable_name
  FROM standin.hypertables h JOIN pg_class c ON c.oid = h.relation JOIN pg_namespace n ON n.oid = c.relnamespace;

CREATE VIEW timescaledb_information.dimensions AS
SELECT v.*, h.instant AS column_name, h.chunk AS time_interval
  FROM standin.hypertables h JOIN pg_class c ON c.oid = h.relation
  JOIN timescaledb_information.hypertables v ON v.hypertable_name = c.relname;

CREATE FUNCTION create_hypertable(
  relation regclass, time_column_name name, partitioning_column name DEFAULT NULL, number_partitions int DEFAULT NULL,
  associated_schema_name name DEFAULT '_timescaledb_internal', associated_table_prefix name DEFAULT NULL,
  chunk_time_interval anyelement DEFAULT NULL::bigint, create_default_indexes boolean DEFAULT true,
  if_not_exists boolean DEFAULT false, migrate_data boolean DEFAULT false,
  OUT schema_name name, OUT table_name name, OUT created boolean)
LANGUAGE plpgsql AS $$
DECLARE
  filled boolean;
  found text;
BEGIN
  SELECT n.nspname, c.relname, true INTO schema_name, table_name, created
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;
  IF EXISTS (SELECT FROM pg_class WHERE oid = relation AND relkind = 'p') THEN
    RAISE EXCEPTION 'table "%" is already partitioned', table_name USING ERRCODE = '42809';
  END IF;
  IF EXISTS (SELECT FROM standin.hypertables h WHERE h.relation = create_hypertable.relation) THEN
    RAISE EXCEPTION 'table "%" is already a hypertable', table_name USING ERRCODE = 'TS110';
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s)', relation) INTO filled;
  IF filled THEN
    RAISE EXCEPTION 'table "%" is not empty', table_name USING ERRCODE = '0A000';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = time_column_name
                    AND a.attnum > 0 AND NOT a.attisdropped) THEN
    RAISE EXCEPTION 'column "%" does not exist', time_column_name USING ERRCODE = '42703';
  END IF;
  SELECT i.indexrelid::regclass INTO found FROM pg_index i
   WHERE i.indrelid = relation AND i.indisunique
     AND NOT EXISTS (SELECT FROM pg_attribute a
                      WHERE a.attrelid = relation AND a.attname = time_column_name AND a.attnum = ANY(i.indkey));
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'cannot create a unique index without the column "%" (used in partitioning)', time_column_name
      USING ERRCODE = 'TS103', DETAIL = found;
  END IF;
  SELECT conrelid::regclass INTO found FROM pg_constraint WHERE contype = 'f' AND confrelid = relation;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'cannot have FOREIGN KEY constraints to hypertable "%"', table_name
      USING ERRCODE = '0A000', DETAIL = found;
  END IF;
  EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET NOT NULL', relation, time_column_name);
  INSERT INTO standin.hypertables VALUES (relation, time_column_name, chunk_time_interval, associated_schema_name);
  INSERT INTO standin.calls (call) VALUES (
    format('create_hypertable %s by %s every %s in %s', relation, time_column_name, chunk_time_interval,
           associated_schema_name));
END $$;

-- Answers the chunks that were dropped, each by the instant at which it began.
CREATE FUNCTION drop_chunks(relation regclass, older_than timestamptz DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  of standin.hypertables;
BEGIN
  SELECT * INTO of FROM standin.hypertables h WHERE h.relation = drop_chunks.relation;
  IF of IS NULL THEN
    RAISE EXCEPTION '"%" is not a hypertable or a continuous aggregate', relation USING ERRCODE = 'TS001';
  END IF;
  IF older_than IS NULL THEN
    RAISE EXCEPTION 'invalid time range for dropping chunks' USING ERRCODE = '22023';
  END IF;
  INSERT INTO standin.calls (call) VALUES (format('drop_chunks %s older than %s', relation, older_than));
  RETURN QUERY EXECUTE format(
    'WITH gone AS (DELETE FROM %s WHERE date_bin(%L, %I, ''epoch'') + %L <= $1 RETURNING date_bin(%L, %I, ''epoch''))'
    ' SELECT DISTINCT date_bin::text FROM gone ORDER BY 1',
    relation, of.chunk, of.instant, of.chunk, of.chunk, of.instant) USING older_than;
END $$;
