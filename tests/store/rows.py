"""Rows for every table, made from its columns: two organisations with two people each.

Both organisations know an `ana` and a `boris`, so a rule that forgets the organisation shows at once.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import BigInteger, CheckConstraint, Column, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tactful.store.database import Connection
from tactful.store.tables import metadata

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
PARTITIONED = [table for table in metadata.sorted_tables if "partition_by" in table.info]
BY_TYPE: dict[type, Any] = {bytes: b"", date: AT.date(), time: time(8), bool: False, float: 0.5}


@dataclass(frozen=True)
class Owner:
    """A person of an organisation, by their ids inside and by the names that tokens carry."""

    organisation: int
    person: int
    organisation_name: str
    person_name: str


@dataclass
class Maker:
    """Makes one row of a table for an owner; every number and text it makes up is new."""

    connection: Connection
    made: dict[tuple[str, Owner], dict[str, Any]] = field(default_factory=dict)
    count: int = 0

    def row(self, table: Table, owner: Owner) -> dict[str, Any]:
        """Values for the columns that a row of `owner` needs."""
        return {
            column.name: self._value(table, column, owner) for column in table.columns if self._needed(table, column)
        }

    def add(self, table: Table, owner: Owner) -> None:
        """Insert a row of `owner`."""
        done = self.connection.execute(insert(table.name, row := self.row(table, owner)), row).fetchone()
        assert done is not None
        self.made[table.name, owner] = done

    def learn(self, owners: list[Owner]) -> None:
        """Look up the rows that were made before, so that new ones may refer to them."""
        for table in metadata.sorted_tables:
            column = person_column(table) if person_column(table) in table.columns else organisation_column(table)
            for owner in owners if column in table.columns else []:
                value = owner.person if column == person_column(table) else owner.organisation
                query = sql.SQL("SELECT * FROM {} WHERE {} = {}")
                query_for = query.format(sql.Identifier(table.name), sql.Identifier(column), value)
                found = self.connection.execute(query_for).fetchone()
                assert found is not None
                self.made[table.name, owner] = found

    def _needed(self, table: Table, column: Column[Any]) -> bool:
        if column.identity is not None:
            return False
        if column.name in (organisation_column(table), person_column(table)):
            return True
        return not column.nullable and (column.server_default is None or column.primary_key)

    def _value(self, table: Table, column: Column[Any], owner: Owner) -> Any:
        if column.name == organisation_column(table):
            return owner.organisation
        if column.name == person_column(table):
            return owner.person
        for foreign in column.foreign_keys:
            if foreign.column.table.name == "people":
                return owner.person
            return self.made[foreign.column.table.name, owner][foreign.column.name]
        self.count += 1
        return self._invented(column)

    def _invented(self, column: Column[Any]) -> Any:
        allowed = _allowed(column)
        if allowed is not None:
            return allowed
        if isinstance(column.type, JSONB):
            return Jsonb({})
        if isinstance(column.type, ARRAY):
            return []
        kind = column.type.python_type
        if kind is str:
            return f"text {self.count}"
        if kind is UUID:
            return UUID(int=self.count)
        if kind is int:
            return self.count if isinstance(column.type, BigInteger) else self.count % 90
        # Each later than the one before, as ends are later than starts.
        return AT + timedelta(seconds=self.count) if kind is datetime else BY_TYPE[kind]


def _allowed(column: Column[Any]) -> str | None:
    """The first of the words that a check allows in the column, where there is one."""
    checks = (str(each.sqltext) for each in column.table.constraints if isinstance(each, CheckConstraint))
    found = (re.match(rf"{column.name} IN \('(\w+)'", check) for check in checks)
    return next((match[1] for match in found if match), None)


def insert(relation: str, row: dict[str, Any]) -> sql.Composed:
    """An INSERT of `row` that answers with the whole row."""
    names = sql.SQL(", ").join(map(sql.Identifier, row))
    values = sql.SQL(", ").join(map(sql.Placeholder, row))
    return sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(sql.Identifier(relation), names, values)


def organisation_column(table: Table) -> str:
    """The column that says whose tenant a row is."""
    return str(table.info.get("organisation_column", "organisation_id"))


def person_column(table: Table) -> str:
    """The column that says whose row it is, where it is one person's."""
    return str(table.info.get("person_column", "person_id"))


def fill(connection: Connection) -> list[Owner]:
    """Two organisations, two people each, and a row of each of them in every table."""
    for table in PARTITIONED:
        for day in (AT.date(), date(2004, 6, 15), date(1980, 1, 1)):
            connection.execute("SELECT ensure_partition(%s, %s)", (table.name, day))
    owners = [
        _person(connection, organisation, name) for organisation in ("acme", "zenith") for name in ("ana", "boris")
    ]
    maker = Maker(connection)
    for table in metadata.sorted_tables:
        if table.name not in {"organisations", "people"}:
            for owner in owners:
                maker.add(table, owner)
    return owners


def _person(connection: Connection, organisation: str, name: str) -> Owner:
    found = connection.execute(
        "INSERT INTO organisations (name, seed) VALUES (%s, 1) ON CONFLICT (name) DO UPDATE SET seed = 1 RETURNING id",
        (organisation,),
    ).fetchone()
    assert found is not None
    person = connection.execute(
        "INSERT INTO people (organisation_id, external_id, holdout_bucket) VALUES (%s, %s, 5000) RETURNING id",
        (found["id"], name),
    ).fetchone()
    assert person is not None
    return Owner(found["id"], person["id"], organisation, name)
