"""Databases that are made for a while, beside the real one: for benchmarks."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tactful.store.database import Connection, Database


def recreate(url: str, name: str) -> str:
    """An empty database `name` on the server of `url`, in place of any of that name; how to connect to it."""
    drop(url, name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return make_conninfo(url, dbname=name)


def drop(url: str, name: str) -> None:
    """Remove the database `name` from the server of `url`, whoever is connected to it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def owning(database: Database) -> Iterator[Connection]:
    """A connection as the owner; each statement is a transaction of its own."""
    with psycopg.connect(database.owner_url, autocommit=True, row_factory=psycopg.rows.dict_row) as connection:
        yield connection
