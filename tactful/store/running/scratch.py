"""Databases that are made for a while, beside the real one, and somebody who listens: for benchmarks."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
import redis
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


@contextmanager
def heard(url: str, channel: str) -> Iterator[None]:
    """Somebody who hears all that is published on `channel`, and does nothing with it."""
    over = threading.Event()

    def hear() -> None:
        with redis.Redis.from_url(url) as client, client.pubsub() as listener, suppress(redis.ConnectionError):
            listener.subscribe(channel)
            while not over.is_set():
                listener.get_message(timeout=0.2)

    listener = threading.Thread(target=hear, daemon=True)
    listener.start()
    try:
        yield
    finally:
        over.set()
        listener.join()
