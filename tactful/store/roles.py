"""The three login roles: made or put right where the owner may, else written down for an administrator."""

from typing import Any

import psycopg
from psycopg import sql

from tactful.kernel.errors import CannotStart
from tactful.store.database import Database, role_password
from tactful.store.security import ROLES, Role

Owner = psycopg.Connection[Any]

# How long a role may take to log in before its password counts as wrong; seconds.
PATIENCE = 10
KNOWN = "SELECT rolcanlogin, rolbypassrls FROM pg_roles WHERE rolname = %s"


def ensure(connection: Owner, database: Database, *, secret: str) -> None:
    """See to it that the three roles exist, log in with our passwords and have no right too many or too few.

    What is as it should be is left alone: PostgreSQL lets few owners touch it.

    raises: CannotStart when the owner may not change what is missing.
    """
    for role in ROLES:
        statement = _change(connection, database, role, sql.Literal(role_password(secret, role)))
        if statement is None:
            continue
        try:
            connection.execute(statement)
        except psycopg.errors.InsufficientPrivilege as error:
            said = error.diag.message_primary
            raise CannotStart(
                f"The owner of the database may not make the role {role} what it has to be ({said}). "
                "Let an administrator run what `tactful roles` prints (docs/guides/your-own-postgresql.md)."
            ) from error


def script(secret: str) -> str:
    """What an administrator runs once, and again after a change of `secret`: SQL with the passwords in it."""
    return "".join(_told(role, role_password(secret, role)) for role in ROLES)


def _change(connection: Owner, database: Database, role: Role, password: sql.Literal) -> sql.Composed | None:
    name, bypass = sql.Identifier(role), role == "service_role"
    known = connection.execute(KNOWN, (role,)).fetchone()
    if known is None:
        words = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(name, password)
        return words + sql.SQL(" BYPASSRLS") if bypass else words
    may_log_in, bypasses = known
    changes = [sql.SQL("LOGIN")] if not may_log_in else []
    if bypasses != bypass:
        changes.append(sql.SQL("BYPASSRLS" if bypass else "NOBYPASSRLS"))
    composed: list[sql.Composable] = [*changes]
    if not (may_log_in and _lets_in(database.url(role))):
        composed.append(sql.SQL("PASSWORD {}").format(password))
    return sql.SQL("ALTER ROLE {} ").format(name) + sql.SQL(" ").join(composed) if composed else None


def _lets_in(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=PATIENCE).close()
    except psycopg.OperationalError:
        return False
    return True


def _told(role: Role, password: str) -> str:
    # What the role may is only said when it is made: few administrators may name BYPASSRLS afterwards.
    rights = "LOGIN BYPASSRLS" if role == "service_role" else "LOGIN"
    return (
        f"DO $$ BEGIN CREATE ROLE {role} {rights}; EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
        f"ALTER ROLE {role} PASSWORD '{password}';\n"
    )
