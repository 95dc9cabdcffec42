"""Connections as roles."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tactful.store.database import Database, Identity, role_password


async def test_a_service_transaction_is_committed_at_its_end(database: Database) -> None:
    async with database.service() as connection:
        await connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
    async with database.service() as connection:
        found = await (await connection.execute("SELECT name FROM organisations")).fetchall()
    assert found == [{"name": "acme"}]


async def test_a_service_transaction_is_rolled_back_on_an_error(database: Database) -> None:
    with pytest.raises(psycopg.errors.UniqueViolation):
        async with database.service() as connection:
            for _ in range(2):
                await connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
    async with database.service() as connection:
        assert await (await connection.execute("SELECT name FROM organisations")).fetchall() == []


async def test_who_is_asking_is_forgotten_when_the_transaction_ends(database: Database) -> None:
    asked = "SELECT current_setting('request.jwt.claim.sub', true) AS person"
    for _ in range(5):
        async with database.acting_as(Identity("acme", "ana")) as connection:
            assert await (await connection.execute(asked)).fetchone() == {"person": "ana"}
    for _ in range(5):
        async with database.acting_as(Identity("acme")) as connection:
            assert await (await connection.execute(asked)).fetchone() == {"person": ""}


async def test_who_asks_for_interventions_is_forgotten_with_the_statement(database: Database) -> None:
    async with database.people() as connection:
        await connection.execute("SELECT * FROM interventions_due('acme', 'ana', now())")
        told = await connection.execute("SELECT current_setting('request.jwt.claim.sub', true) AS person")
        assert await told.fetchone() == {"person": ""}
        assert connection.info.transaction_status == TransactionStatus.IDLE


def test_columns_come_out_as_arrow(closed_database: Database) -> None:
    with closed_database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
    with closed_database.columns() as columns, columns.cursor() as cursor:
        cursor.execute("SELECT name FROM organisations")
        assert cursor.fetch_arrow_table().to_pylist() == [{"name": "acme"}]


def test_many_read_columns_at_once_each_on_a_connection_of_their_own(closed_database: Database) -> None:
    together = threading.Barrier(8)

    def asked(_: int) -> int:
        with closed_database.columns() as connection:
            found = pid_of(connection)
            together.wait(timeout=60)
            return found

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(asked, range(8)))) == 8


def test_columns_are_read_on_where_every_connection_was_broken(closed_database: Database) -> None:
    with closed_database.columns() as connection:
        before = pid_of(connection)
    with psycopg.connect(closed_database.owner_url) as owner:
        others = "FROM pg_stat_activity WHERE datname = current_database() AND usename = 'service_role'"
        assert owner.execute(f"SELECT count(pg_terminate_backend(pid)) {others}").fetchone() != (0,)
    with closed_database.columns() as connection:
        assert pid_of(connection) != before


def test_between_questions_for_columns_no_transaction_stays_open(closed_database: Database) -> None:
    with closed_database.columns() as connection:
        pid_of(connection)
    with closed_database.batch() as connection:
        others = "datname = current_database() AND pid <> pg_backend_pid()"
        found = connection.execute(f"SELECT xact_start FROM pg_stat_activity WHERE {others}").fetchall()
    assert all(row["xact_start"] is None for row in found)


def pid_of(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid() AS pid")
        return int(cursor.fetch_arrow_table()["pid"][0].as_py())


def test_the_three_roles_have_different_passwords() -> None:
    passwords = {role_password("secret", role) for role in ("authenticated", "operator", "service_role")}
    assert len(passwords) == 3
