"""A walk over every table, partition and view, as everyone who may ask.

Nobody but service_role sees or writes a row of another organisation, nor a person that of another person.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg import sql
from psycopg.errors import FeatureNotSupported, InsufficientPrivilege, ObjectNotInPrerequisiteState
from psycopg.rows import dict_row

from tactful.store.database import Connection, Database, Identity
from tactful.store.security import EXEMPT_PREFIXES
from tactful.store.tables import metadata
from tests.store.rows import Maker, Owner, fill, insert, organisation_column, person_column

REQUEST_ROLES = ("authenticated", "operator")
RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
RELATIONS = """
SELECT c.relname AS name, c.relkind::text AS kind, coalesce(p.relname, c.relname) AS parent,
       c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, coalesce(c.reloptions, '{}') AS options,
       (SELECT attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND attidentity = ''
         ORDER BY attnum LIMIT 1) AS settable
  FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
 ORDER BY c.relname
"""
ASKING = [
    Identity("acme", "ana"),
    Identity("zenith", "boris"),
    Identity("acme"),
    Identity("zenith"),
    Identity("acme", "nobody"),
    Identity("nowhere", "ana"),
    Identity("", ""),
    Identity(""),
]
asking_each = pytest.mark.parametrize("asking", ASKING, ids=str)


@dataclass(frozen=True)
class Relation:
    """A table, partition or view, and how its rows are owned. A view's rows are a person's unless they name none."""

    name: str
    settable: str
    info: Mapping[str, Any]

    @property
    def tenant(self) -> str:
        """The column that says whose tenant a row is."""
        return "id" if self.info["owner"] == "tenant" else str(self.info.get("organisation_column", "organisation_id"))

    def allowed(self, row: Mapping[str, Any], asking: Identity, owners: list[Owner]) -> bool:
        """Whether whoever is asking may see this row."""
        mine = [owner for owner in owners if owner.organisation_name == asking.organisation]
        if row.get(self.tenant) not in [owner.organisation for owner in mine]:
            return False
        if asking.person is None or self.info["owner"] == "shared":
            return True
        person = row.get(self.info.get("person_column", "person_id"))
        return person in [owner.person for owner in mine if owner.person_name == asking.person]


@pytest.fixture(scope="module")
def owners(module_database: Database) -> list[Owner]:
    with module_database.batch() as connection:
        return fill(connection)


@contextmanager
def acting(database: Database, asking: Identity) -> Iterator[Connection]:
    """A connection that has logged in as whoever is asking."""
    with psycopg.connect(database.url(asking.role), row_factory=dict_row, autocommit=True) as connection:
        for claim, value in (("org", asking.organisation), ("sub", asking.person or "")):
            connection.execute("SELECT set_config(%s, %s, false)", (f"request.jwt.claim.{claim}", value))
        yield connection


def catalogue(database: Database) -> list[dict[str, Any]]:
    with database.batch() as connection:
        return connection.execute(RELATIONS).fetchall()


def relations(database: Database) -> list[Relation]:
    """Every relation that is not exempt."""
    found = [row for row in catalogue(database) if not row["name"].startswith(EXEMPT_PREFIXES)]
    views = {"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"}
    tables = metadata.tables
    return [
        Relation(row["name"], row["settable"], tables[row["parent"]].info if row["parent"] in tables else views)
        for row in found
    ]


def reached(connection: Connection, verb: str, relation: Relation) -> list[dict[str, Any]]:
    """The rows a statement gets at, undone afterwards; none where the right is missing, or sums are asked to change."""
    statement = sql.SQL(verb).format(name=sql.Identifier(relation.name), column=sql.Identifier(relation.settable))
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(statement).fetchall()
    except (InsufficientPrivilege, ObjectNotInPrerequisiteState, FeatureNotSupported):
        return []


def strangers(relation: Relation, rows: list[dict[str, Any]], asking: Identity, owners: list[Owner]) -> list[Any]:
    return [row for row in rows if not relation.allowed(row, asking, owners)]


VERBS = {
    "seen": "SELECT * FROM {name}",
    "changed": "UPDATE {name} SET {column} = {column} RETURNING *",
    "removed": "DELETE FROM {name} RETURNING *",
    "locked": "SELECT * FROM {name} FOR UPDATE",
}


@asking_each
@pytest.mark.parametrize("done", VERBS)
def test_rows_of_others_are_never(module_database: Database, owners: list[Owner], asking: Identity, done: str) -> None:
    with acting(module_database, asking) as connection:
        for relation in relations(module_database):
            rows = reached(connection, VERBS[done], relation)
            assert strangers(relation, rows, asking, owners) == [], relation.name


@asking_each
def test_nobody_adds_rows_for_others(module_database: Database, owners: list[Owner], asking: Identity) -> None:
    with module_database.batch() as connection:
        maker = Maker(connection, count=5_000)
        maker.learn(owners)
        rows = [
            (relation, maker.row(metadata.tables[relation.name], owner))
            for relation in relations(module_database)
            if relation.name in metadata.tables
            for owner in owners
        ]
    with acting(module_database, asking) as connection:
        for relation, row in rows:
            if not relation.allowed(row, asking, owners):
                with pytest.raises(InsufficientPrivilege), connection.transaction(force_rollback=True):
                    connection.execute(insert(relation.name, row), row)


@asking_each
def test_nobody_gives_their_own_rows_to_others(
    module_database: Database, owners: list[Owner], asking: Identity
) -> None:
    with acting(module_database, asking) as connection:
        for table in metadata.sorted_tables:
            for column in {organisation_column(table), person_column(table)} & set(table.columns.keys()) - {"id"}:
                for other in (owner for owner in owners if owner.person_name != asking.person):
                    value = other.organisation if column == organisation_column(table) else other.person
                    if value in _own(asking, owners, person=column == person_column(table)):
                        continue
                    assert _moved(connection, table.name, column, value) == 0, table.name


def _own(asking: Identity, owners: list[Owner], *, person: bool) -> set[int]:
    mine = [one for one in owners if one.organisation_name == asking.organisation]
    return {one.person if person else one.organisation for one in mine}


def _moved(connection: Connection, table: str, column: str, value: int) -> int:
    change = sql.SQL("UPDATE {} SET {} = {}").format(sql.Identifier(table), sql.Identifier(column), value)
    try:
        with connection.transaction(force_rollback=True):
            return connection.execute(change).rowcount
    except InsufficientPrivilege:
        return 0


def test_people_see_all_that_is_their_own(module_database: Database, owners: list[Owner]) -> None:
    asking = Identity("acme", "ana")
    with acting(module_database, asking) as connection:
        for table in metadata.sorted_tables:
            if table.info["owner"] == "person":
                relation = Relation(table.name, "", table.info)
                assert len(reached(connection, VERBS["seen"], relation)) == 1, table.name


def test_operators_see_all_people_of_their_organisation(module_database: Database, owners: list[Owner]) -> None:
    with acting(module_database, Identity("acme")) as connection:
        for table in metadata.sorted_tables:
            if table.info["owner"] != "engine":
                relation = Relation(table.name, "", table.info)
                expected = 1 if table.info["owner"] == "tenant" else 2
                assert len(reached(connection, VERBS["seen"], relation)) == expected, table.name


def test_the_writer_of_groups_and_jobs_sees_every_row(module_database: Database, owners: list[Owner]) -> None:
    with module_database.batch() as connection:
        for table in metadata.sorted_tables:
            relation = Relation(table.name, "", table.info)
            expected = 2 if table.info["owner"] == "tenant" else 4
            assert len(reached(connection, VERBS["seen"], relation)) == expected, table.name


def test_every_table_and_partition_forces_row_security(module_database: Database, owners: list[Owner]) -> None:
    open_to_all = [
        row["name"]
        for row in catalogue(module_database)
        if row["kind"] in "rp" and not row["name"].startswith(EXEMPT_PREFIXES)
        if not (row["enabled"] and row["forced"])
    ]
    assert open_to_all == []


def test_every_view_asks_as_the_one_who_reads_it(module_database: Database) -> None:
    views = [row for row in catalogue(module_database) if row["kind"] in "vm"]
    assert [row["name"] for row in views if "security_invoker=true" not in row["options"]] == []


@pytest.mark.parametrize("role", REQUEST_ROLES)
def test_request_roles_have_no_right_on_exempt_tables(module_database: Database, role: str) -> None:
    exempt = [row["name"] for row in catalogue(module_database) if row["name"].startswith(EXEMPT_PREFIXES)]
    with module_database.batch() as connection:
        held = [
            (name, right)
            for name in exempt
            for right in RIGHTS
            if connection.execute("SELECT has_table_privilege(%s, %s, %s) AS held", (role, name, right)).fetchone()
            == {"held": True}
        ]
    assert len(exempt) > 1
    assert held == []


@pytest.mark.parametrize("role", REQUEST_ROLES)
def test_request_roles_cannot_step_around_row_security(module_database: Database, role: str) -> None:
    with module_database.batch() as connection:
        found = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
            " pg_has_role(rolname, 'service_role', 'member') AS member,"
            " has_schema_privilege(rolname, 'public', 'create') AS create,"
            " has_function_privilege(rolname, 'ensure_partition(text, date)', 'execute') AS partition,"
            " has_function_privilege(rolname, 'drop_partition(text, text)', 'execute') AS drop"
            "  FROM pg_roles WHERE rolname = %s",
            (role,),
        ).fetchone()
    assert found is not None
    assert set(found.values()) == {False}


def test_the_walk_notices_a_view_that_leaks(module_database: Database, owners: list[Owner]) -> None:
    asking = Identity("acme", "ana")
    with psycopg.connect(module_database.owner_url, autocommit=True) as owner, acting(module_database, asking) as ana:
        owner.execute("CREATE VIEW leak AS SELECT id AS user_id, organisation_id AS organization_id FROM people")
        owner.execute("GRANT SELECT ON leak TO authenticated")
        leak = next(relation for relation in relations(module_database) if relation.name == "leak")
        seen = reached(ana, VERBS["seen"], leak)
        owner.execute("DROP VIEW leak")
    assert len(strangers(leak, seen, asking, owners)) == 3
