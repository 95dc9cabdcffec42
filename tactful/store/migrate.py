"""Bring a database to the tables this version knows: roles first, then Alembic's migrations."""

from functools import cache
from pathlib import Path

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import create_engine, pool
from sqlalchemy.exc import ProgrammingError

from tactful.kernel.errors import CannotStart
from tactful.store import roles
from tactful.store.database import Database, words
from tactful.store.hypertables import usable

# One migration at a time, whichever process comes first; any constant will do.
MIGRATION_LOCK = 7_221_430_911
READABLE = "SELECT has_table_privilege(to_regclass('alembic_version'), 'SELECT')"


def migrate(database: Database, *, role_secret: str, hypertables: bool = True) -> None:
    """Create roles and run every migration that has not run. Safe to call from many processes at once.

    hypertables: whether time series become hypertables where the database has TimescaleDB; asked when they are made.
    raises: CannotStart when the database does not answer, is too old, or does not let us make the roles or
    the tables.
    """
    with _owner(database.owner_url) as connection:
        version = connection.info.server_version
        if version < 150000:
            raise CannotStart(f"PostgreSQL 15 or newer is needed; this one is {version // 10000}.")
        connection.execute("SELECT pg_advisory_lock(%s)", (MIGRATION_LOCK,))
        roles.ensure(connection, database, secret=role_secret)
        # At most starts there is nothing to migrate, and to find that out Alembic takes longer than all the rest.
        if not _is_newest(connection):
            _upgrade(database.owner_url, hypertables=hypertables)


def _is_newest(connection: psycopg.Connection[tuple[object, ...]]) -> bool:
    """Whether the tables are those of the newest migration this version has."""
    if connection.execute(READABLE).fetchone() != (True,):
        return False
    return connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(head(),)]


def _owner(url: str) -> psycopg.Connection[tuple[object, ...]]:
    try:
        return psycopg.connect(url, autocommit=True)
    except psycopg.OperationalError as error:
        raise CannotStart(
            f"PostgreSQL does not let us in ({words(error).rstrip('.')}); "
            "check store.database_url (DATABASE_URL) and that the server runs."
        ) from error


def known() -> frozenset[str]:
    """Every migration this version has."""
    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


@cache
def head() -> str:
    """The newest migration this version has."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _upgrade(url: str, *, hypertables: bool) -> None:
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(url), poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            config.attributes["hypertables"] = hypertables and usable(connection)
            command.upgrade(config, "head")
    except CommandError as error:
        raise CannotStart(
            f"The tables in this database are those of a newer Tactful ({str(error).rstrip('.')}); start that one."
        ) from error
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        said = words(error.orig).rstrip(".")
        raise CannotStart(
            f"The user in store.database_url (DATABASE_URL) may not change the tables ({said}); "
            "name the owner of the database there."
        ) from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config
