"""Connections as roles."""

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


def test_the_three_roles_have_different_passwords() -> None:
    passwords = {role_password("secret", role) for role in ("authenticated", "operator", "service_role")}
    assert len(passwords) == 3
