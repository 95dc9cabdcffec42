"""Who may see what: three login roles and the row-security policies of every table.

The policies follow from how a table says its rows are owned (`Table.info`). Partitions are
secured like their parents, because a partition can be read directly. Identity is looked up
once per statement: `(SELECT current_person())` becomes one InitPlan, not a call per row.
"""

from collections.abc import Iterator
from typing import Literal

from sqlalchemy import MetaData, Table

from tactful.store import hypertables

Role = Literal["authenticated", "operator", "service_role"]

ROLES: tuple[Role, ...] = ("authenticated", "operator", "service_role")

# Tables without row security, and why: the queue and the migration log are the engine's own,
# and no request role has any right on them.
EXEMPT_PREFIXES = ("procrastinate_", "alembic_version")

# PL/pgSQL, because it keeps the plan of its query for the session; a function in SQL plans anew at every call.
IDENTITY_FUNCTIONS = """
CREATE OR REPLACE FUNCTION current_organisation() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT id FROM organisations WHERE name = current_setting('request.jwt.claim.org', true));
END $$;
CREATE OR REPLACE FUNCTION current_person() RETURNS bigint
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN (SELECT p.id FROM people p JOIN organisations o ON o.id = p.organisation_id
           WHERE o.name = current_setting('request.jwt.claim.org', true)
             AND p.external_id = current_setting('request.jwt.claim.sub', true));
END $$;
"""

# What these functions read. They run as the owner of the tables, whom forced row security binds like anybody
# else unless they are superuser. `true` outright, so that an owner who is also a member of `operator`
# does not have to ask who is asking in order to find out who is asking.
IDENTITY_TABLES = ("organisations", "people")

# Partitions come into being when the first row of their time does; service_role may ask for one, the owner
# makes it and secures it in the same breath. A month each, as long as it is recent; then a year each, so
# that events said to be of long ago (from 1970 on they are allowed) cannot make hundreds of tables; and one
# for all before 2000. Bounds are written in UTC, whatever the session's zone. A hypertable makes its chunks itself.
PARTITION_FUNCTION = """
CREATE OR REPLACE FUNCTION ensure_partition(parent text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  old boolean := day < '2000-01-01';
  by_year text := parent || CASE WHEN old THEN '_before' ELSE to_char(day, '_YYYY') END;
  by_month text := parent || to_char(day, '_YYYYMM');
  years int := coalesce(nullif(current_setting('tactful.monthly_years', true), ''), '1');
  child text := by_year;
  bounds text := 'FROM (MINVALUE) TO (''2000-01-01'')';
  span text := 'year';
BEGIN
  IF to_regclass(by_month) IS NOT NULL OR to_regclass(by_year) IS NOT NULL THEN RETURN; END IF;
  IF NOT EXISTS (SELECT FROM pg_class WHERE relname = parent AND relkind = 'p'
                    AND relnamespace = 'public'::regnamespace) THEN
    IF to_regclass(parent) IS NOT NULL
       AND parent IN ({series}) THEN
      RETURN;
    END IF;
    RAISE EXCEPTION '% is not a partitioned table', parent;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(by_year, 0));
  -- By a query: to_regclass would only remember that there was none before we waited.
  IF EXISTS (SELECT FROM pg_class WHERE relname IN (by_year, by_month) AND relnamespace = 'public'::regnamespace) THEN
    RETURN;
  END IF;
  IF NOT old THEN
    -- A year that has begun by months goes on by months.
    IF extract(year FROM day) >= extract(year FROM now()) - years OR EXISTS (
         SELECT FROM pg_class WHERE relname BETWEEN by_year || '01' AND by_year || '12'
            AND relkind = 'r' AND relnamespace = 'public'::regnamespace) THEN
      span := 'month';
      child := by_month;
    END IF;
    bounds := format('FROM (%L) TO (%L)', date_trunc(span, day)::date,
                     (date_trunc(span, day) + ('1 ' || span)::interval)::date);
  END IF;
  -- Attaching lets others go on writing to the parent; creating the partition in place would lock them out.
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES ', parent, child) || bounds;
  EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', child);
  EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', child);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO service_role', child);
END $$;
REVOKE ALL ON FUNCTION ensure_partition(text, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_partition(text, date) TO service_role;
-- Autovacuum counts what is in partitions and chunks, never what is in their parents, and plans ask the parents.
CREATE OR REPLACE FUNCTION count_partitioned() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  parent regclass;
BEGIN
  FOR parent IN SELECT oid::regclass FROM pg_class WHERE relnamespace = 'public'::regnamespace
                   AND (relkind = 'p' OR relname IN (SELECT hypertables())) LOOP
    EXECUTE format('ANALYZE %s', parent);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION count_partitioned() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION count_partitioned() TO service_role;
"""

# What is older than retention goes by whole partitions: a row at a time would take hours and leave the room taken.
# Whoever reads or writes the table right then is not kept waiting for long.
DROP_FUNCTION = """
CREATE OR REPLACE FUNCTION drop_partition(parent text, child text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
BEGIN
  IF parent NOT IN ('events', 'decisions', 'user_engagements', {series}) THEN
    RAISE EXCEPTION '% is not kept for a time', parent;
  END IF;
  IF EXISTS (SELECT FROM pg_inherits
              WHERE inhparent = parent::regclass AND inhrelid = to_regclass(quote_ident(child))) THEN
    EXECUTE format('DROP TABLE IF EXISTS %I', child);
  END IF;
END $$;
REVOKE ALL ON FUNCTION drop_partition(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_partition(text, text) TO service_role;
"""


def policies(metadata: MetaData) -> Iterator[str]:
    """Every statement that secures the tables of `metadata`, in order."""
    yield IDENTITY_FUNCTIONS
    yield hypertables.functions(metadata)
    yield PARTITION_FUNCTION.replace("{series}", hypertables.listed(metadata))
    yield DROP_FUNCTION.replace("{series}", hypertables.listed(metadata))
    yield "GRANT USAGE ON SCHEMA public TO authenticated, operator, service_role"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service_role, operator, authenticated"
    for table in metadata.sorted_tables:
        yield from secured(table)
    for name in IDENTITY_TABLES:
        yield f"CREATE POLICY {name}_owner ON {name} FOR SELECT TO CURRENT_USER USING (true)"


def secured(table: Table) -> Iterator[str]:
    """Every statement that secures one table."""
    name = table.name
    yield f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO service_role"
    tenant = f"{table.info.get('organisation_column', 'organisation_id')} = (SELECT current_organisation())"
    owner = table.info["owner"]
    if owner == "person":
        own = f"{table.info.get('person_column', 'person_id')} = (SELECT current_person())"
        yield from _grant(name, "authenticated", table.info.get("person_may", "SELECT"), f"{own} AND {tenant}")
        yield from _grant(name, "operator", "SELECT", tenant)
    elif owner == "shared":
        yield from _grant(name, "authenticated", "SELECT", tenant)
        yield from _grant(name, "operator", "SELECT, INSERT, UPDATE, DELETE", tenant)
    elif owner == "organisation":
        yield from _grant(name, "operator", table.info.get("operator_may", "SELECT, INSERT, UPDATE, DELETE"), tenant)
    elif owner == "tenant":
        yield from _grant(name, "operator", "SELECT", "id = (SELECT current_organisation())")


def _grant(table: str, role: str, rights: str, rule: str) -> Iterator[str]:
    yield f"GRANT {rights} ON {table} TO {role}"
    yield f"CREATE POLICY {table}_{role} ON {table} TO {role} USING ({rule}) WITH CHECK ({rule})"
