"""The three login roles, whoever owns the database: superuser, somebody who may make roles, or nobody special."""

import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from tactful.embedded import running
from tactful.embedded.settings import POSTGRES_OPTIONS
from tactful.kernel.errors import CannotStart
from tactful.store.database import Database
from tactful.store.migrate import migrate
from tactful.store.roles import script
from tactful.store.security import ROLES
from tests.conftest import PREFIX, QUICKLY, embedded_settings

OWNER = "owner"
ADMIN = "GRANT authenticated, operator, service_role TO owner WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"
BARE = "CREATE ROLE authenticated LOGIN; CREATE ROLE operator LOGIN; CREATE ROLE service_role LOGIN BYPASSRLS;"


@dataclass(frozen=True)
class Server:
    """A server whose roles are nobody else's."""

    administrator: str

    def run(self, statement: str) -> None:
        """As its administrator."""
        with psycopg.connect(self.administrator, autocommit=True) as connection:
            connection.execute(statement.encode())

    def database(self, secret: str, *, user: str = OWNER) -> Database:
        """The database of `owner`, as that owner or as the administrator."""
        url = make_conninfo(self.administrator, dbname="own")
        return Database(url if user != OWNER else make_conninfo(url, user=OWNER, password="x"), role_secret=secret)


@pytest.fixture(scope="module")
def started() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        settings = embedded_settings(folder).replace(**{POSTGRES_OPTIONS.name: QUICKLY})
        with running(settings, valkey=False) as parts:
            yield Server(parts.database_url)
    finally:
        # Another session may be clearing up after this one already.
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(started: Server) -> Iterator[Server]:
    """With an owner who may do nothing to roles, and none of the three."""
    started.run("CREATE ROLE owner LOGIN PASSWORD 'x'")
    started.run("CREATE DATABASE own OWNER owner")
    yield started
    started.run("DROP DATABASE own WITH (FORCE)")
    for role in (*ROLES, OWNER):
        started.run(f"DROP ROLE IF EXISTS {role}")


def who_logs_in(database: Database) -> list[str]:
    found = []
    for role in ROLES:
        with psycopg.connect(database.url(role)) as connection:
            (bypass,) = connection.execute("SELECT rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()  # type: ignore[misc]
            found.append(f"{role} {bypass}")
    return found


ALL = ["authenticated False", "operator False", "service_role True"]


def test_a_superuser_makes_the_roles_and_puts_them_right(server: Server) -> None:
    database = server.database("secret", user="administrator")
    migrate(database, role_secret="secret")
    assert who_logs_in(database) == ALL
    server.run("ALTER ROLE operator BYPASSRLS; ALTER ROLE service_role NOBYPASSRLS NOLOGIN PASSWORD 'other'")
    migrate(database, role_secret="secret")
    assert who_logs_in(database) == ALL


def test_an_owner_who_may_do_nothing_to_roles_migrates_once_an_administrator_has_made_them(server: Server) -> None:
    database = server.database("secret")
    with pytest.raises(CannotStart, match="run what `tactful roles` prints"):
        migrate(database, role_secret="secret")
    server.run(script("secret"))
    migrate(database, role_secret="secret")
    assert who_logs_in(database) == ALL


def test_somebody_who_does_not_own_the_tables_is_told_so_in_a_sentence(server: Server) -> None:
    server.run(script("secret"))
    server.run("ALTER DATABASE own OWNER TO CURRENT_USER")
    with pytest.raises(CannotStart, match=r"may not change the tables \(.*permission denied.*\); name the owner"):
        migrate(server.database("secret"), role_secret="secret")


def test_the_administrator_runs_it_again_when_the_secret_changes(server: Server) -> None:
    server.run(script("secret"))
    migrate(server.database("secret"), role_secret="secret")
    changed = server.database("another")
    with pytest.raises(CannotStart, match="run what `tactful roles` prints"):
        migrate(changed, role_secret="another")
    server.run(script("another"))
    migrate(changed, role_secret="another")
    assert who_logs_in(changed) == ALL


def test_an_owner_who_may_make_roles_gives_them_their_passwords(server: Server) -> None:
    server.run(f"{BARE} ALTER ROLE owner CREATEROLE; {ADMIN};")
    for secret in ("secret", "another"):
        migrate(server.database(secret), role_secret=secret)
        assert who_logs_in(server.database(secret)) == ALL


def test_an_owner_who_may_make_roles_cannot_let_one_past_row_security(server: Server) -> None:
    server.run("ALTER ROLE owner CREATEROLE")
    with pytest.raises(CannotStart, match=r"role service_role .* run what `tactful roles` prints"):
        migrate(server.database("secret"), role_secret="secret")


def test_an_owner_who_is_past_row_security_needs_no_administrator(server: Server) -> None:
    server.run("ALTER ROLE owner CREATEROLE BYPASSRLS")
    migrate(server.database("secret"), role_secret="secret")
    assert who_logs_in(server.database("secret")) == ALL


@pytest.mark.parametrize("member", ["authenticated", "operator", "authenticated, operator, service_role"])
def test_people_are_known_when_the_owner_is_a_member_of_the_roles(server: Server, member: str) -> None:
    server.run(script("secret"))
    server.run(f"GRANT {member} TO owner WITH INHERIT TRUE, SET TRUE")
    database = server.database("secret")
    migrate(database, role_secret="secret")
    with psycopg.connect(database.url("service_role")) as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('other', 1), ('acme', 1)")
        connection.execute("INSERT INTO people (organisation_id, external_id, holdout_bucket) VALUES (2, 'ana', 1)")
    for role in ("authenticated", "operator"):
        with psycopg.connect(database.url(role)) as connection:
            for claim, value in (("org", "acme"), ("sub", "ana")):
                connection.execute(
                    sql.SQL("SET {} = {}").format(sql.Identifier("request", "jwt", "claim", claim), sql.Literal(value))
                )
            found = connection.execute("SELECT current_organisation(), current_person(), count(*) FROM people")
            assert found.fetchall() == [(2, 1, 1)]
