"""A database of its own for a benchmark, on the engine's own servers or the user's."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tactful.bootstrap import place, read_settings
from tactful.store.database import Database
from tactful.store.migrate import migrate

NAME = "tactful_bench"


@contextmanager
def scratch() -> Iterator[Database]:
    """A freshly migrated database, dropped afterwards."""
    settings = read_settings()
    with place(settings) as where:
        _recreate(where.database_url)
        database = Database(make_conninfo(where.database_url, dbname=NAME), role_secret=where.role_secret)
        try:
            migrate(database, role_secret=where.role_secret)
            yield database
        finally:
            asyncio.run(database.close())
            _drop(where.database_url)


def _drop(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def _recreate(url: str) -> None:
    _drop(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))
