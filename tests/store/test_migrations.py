"""Migrations from zero give exactly the tables that the code describes, and never wait long for a lock."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import create_engine, pool

import tactful.store
from tactful.kernel.errors import CannotStart
from tactful.store.database import Database
from tactful.store.ddl import statements
from tactful.store.migrate import head, known, migrate
from tactful.store.security import EXEMPT_PREFIXES
from tactful.store.tables import metadata

VERSIONS = sorted((Path(tactful.store.__file__).parent / "migrations/versions").glob("*.py"))

# One query per kind of thing in a database; each row is a sentence about it.
CATALOGUE = {
    "columns": """
        SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
                         pg_get_expr(d.adbin, d.adrelid))
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
          LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "indexes": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "policies": """
        SELECT concat_ws(' ', tablename, policyname, permissive, roles, cmd, qual, with_check)
          FROM pg_policies WHERE schemaname = 'public'""",
    "row security and rights": """
        SELECT concat_ws(' ', relname, relkind, relrowsecurity, relforcerowsecurity, relacl)
          FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'S')""",
    "functions": """
        SELECT concat_ws(' ', oid::regprocedure, prosecdef, proconfig, proacl, md5(prosrc))
          FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
    "triggers": """
        SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
         WHERE NOT tgisinternal AND c.relnamespace = 'public'::regnamespace""",
}


@pytest.fixture(scope="module")
def described(database_url: str, module_database: Database) -> Iterator[str]:
    """A database made from the code's own description of the tables, without migrations."""
    name = sql.Identifier(f"{module_database.owner_url.split('dbname=')[1].split()[0]}_described")
    with psycopg.connect(database_url, autocommit=True) as owner:
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))
        url = make_conninfo(database_url, dbname=name.as_string().strip('"'))
        with psycopg.connect(url) as connection:
            # Alembic makes this one itself.
            connection.execute("CREATE TABLE alembic_version (version_num varchar(32) NOT NULL PRIMARY KEY)")
            connection.execute(
                "ALTER TABLE alembic_version RENAME CONSTRAINT alembic_version_pkey TO alembic_version_pkc"
            )
            for statement in statements():
                connection.execute(statement.encode())
        yield url
        owner.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


@pytest.mark.parametrize("kind", CATALOGUE)
def test_migrations_from_zero_equal_the_description(module_database: Database, described: str, kind: str) -> None:
    with psycopg.connect(module_database.owner_url) as migrated, psycopg.connect(described) as written:
        query = CATALOGUE[kind].encode()
        expected = {row[0] for row in written.execute(query)}
        assert {row[0] for row in migrated.execute(query)} == expected
        assert kind == "triggers" or expected


def test_alembic_finds_nothing_to_migrate(module_database: Database) -> None:
    url = module_database.owner_url
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    with engine.connect() as connection:
        options = {"compare_server_default": True, "compare_type": True, "include_name": _ours}
        found = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    engine.dispose()
    assert found == []


def _ours(name: str | None, kind: str, _: object) -> bool:
    return not (kind == "table" and (name or "").startswith(EXEMPT_PREFIXES))


def test_migrating_again_changes_nothing(module_database: Database) -> None:
    with psycopg.connect(module_database.owner_url) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        before = {kind: connection.execute(query.encode()).fetchall() for kind, query in CATALOGUE.items()}
        migrate(module_database, role_secret="tests")
        assert version == [(head(),)]
        assert before == {kind: connection.execute(query.encode()).fetchall() for kind, query in CATALOGUE.items()}


def test_tables_of_a_newer_version_are_left_alone_with_one_sentence(closed_database: Database) -> None:
    with psycopg.connect(closed_database.owner_url, autocommit=True) as owner:
        owner.execute("UPDATE alembic_version SET version_num = '9999'")
        try:
            with pytest.raises(CannotStart, match=r"are those of a newer Tactful \(.*9999.*\); start that one"):
                migrate(closed_database, role_secret="tests")
        finally:
            owner.execute("UPDATE alembic_version SET version_num = %s", (head(),))
    assert "9999" not in known()
    assert head() in known()


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_every_migration_waits_for_a_lock_only_so_long(path: Path) -> None:
    text = path.read_text()
    upgrade = next(
        part for part in ast.parse(text).body if isinstance(part, ast.FunctionDef) and part.name == "upgrade"
    )
    after_docstring = ast.unparse(upgrade.body[1])
    assert re.search(r'^LOCK_TIMEOUT = "\d+s"$', text, re.MULTILINE)
    assert "SET LOCAL lock_timeout" in after_docstring


def test_a_new_migration_starts_with_a_lock_timeout() -> None:
    template = (VERSIONS[0].parents[1] / "script.py.mako").read_text()
    assert "SET LOCAL lock_timeout" in template.split("def upgrade() -> None:", 1)[1]
