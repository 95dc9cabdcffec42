"""Connections, each logged in as the role whose rights it needs.

`owner` is only for migrations. Requests of people use `authenticated`, those of operators
`operator`; both set who is asking for the length of one transaction. Batches, group commits
and jobs use `service_role`.
"""

import hashlib
import hmac
import re
import threading
import weakref
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
from adbc_driver_postgresql import dbapi
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, ConnectionPool, PoolTimeout

from tactful.kernel.errors import NotReady
from tactful.store.security import Role
from tactful.store.settings import MONTHLY_YEARS, POOL_SIZE

AsyncConnection = psycopg.AsyncConnection[DictRow]
Connection = psycopg.Connection[DictRow]
# Where a password stands: in a URL between the user's name and the host, or named.
PASSWORD = re.compile(r"(://[^\s/:@]*:)[^\s@]*(?=@)|(?<=\bpassword=)('[^']*'|\S+)")
# How long a request waits for a connection before it is told to come back; seconds.
PATIENCE = 5.0
UTC = "-c timezone=UTC"
# What it looks like when the database is away.
AWAY: tuple[type[Exception], ...] = (
    psycopg.OperationalError, psycopg.errors.IdleInTransactionSessionTimeout, PoolTimeout, TimeoutError,
)  # fmt: skip


# What it looks like when the database would not do what was asked.
REFUSED: tuple[type[Exception], ...] = (psycopg.Error, *AWAY)


def away(error: Exception) -> bool:
    """Whether `error` says that the database cannot be reached, not that it would not do what was asked."""
    state = getattr(error, "sqlstate", None)
    # Classes 08 and 57P: the connection broke, or the server is stopping or starting. 25P03: it ended the connection of
    # somebody who stood still for too long.
    return isinstance(error, AWAY) and (state is None or state.startswith(("08", "57P", "25P03")))


def passing(error: Exception) -> bool:
    """Whether the same may succeed a moment later: the database is away, is short of something, or others stood in the
    way. What is too large for it (class 54) never does.
    """
    return isinstance(error, AWAY) and not str(getattr(error, "sqlstate", None) or "").startswith("54")


# What the database says when it would not do what was asked.
REFUSALS: tuple[type[Exception], ...] = (psycopg.Error, PoolTimeout)


def words(error: Exception) -> str:
    """What the database said, in one line that gives away no password."""
    said = " ".join(line.strip() for line in str(error).splitlines() if line.strip())
    said = PASSWORD.sub(r"\1...", said)
    return said if said.endswith((".", "?")) else f"{said}."


@dataclass(frozen=True, slots=True)
class Identity:
    """Who is asking: the organisation's name and, for a person, their own id in the product."""

    organisation: str
    person: str | None = None

    @property
    def role(self) -> Role:
        """The database role this identity connects as."""
        return "operator" if self.person is None else "authenticated"


def role_password(secret: str, role: str) -> str:
    """The password of a login role, derived so that every process knows it without storing it."""
    return hmac.new(secret.encode(), f"tactful role {role}".encode(), hashlib.sha256).hexdigest()


def in_utc(url: str) -> str:
    """The same connection string, for sessions in UTC: dates and times without a zone are read as such.

    >>> in_utc("host=db options='-c jit=off'")
    "host=db options='-c jit=off -c timezone=UTC'"
    """
    given = str(conninfo_to_dict(url).get("options") or "").split()
    # A connection string that has come this way already stays as it is.
    kept = " ".join(given).removesuffix(UTC).rstrip()
    return make_conninfo(url, options=f"{kept} {UTC}".lstrip())


class Database:
    """One PostgreSQL database, reached as any of its roles."""

    def __init__(
        self,
        url: str,
        *,
        role_secret: str,
        pool_size: int = POOL_SIZE.default,
        monthly_years: int = MONTHLY_YEARS.default,
    ) -> None:
        self.owner_url = in_utc(url)
        self._secret = role_secret
        self._size = pool_size
        self._layout = f"SET tactful.monthly_years = {monthly_years}"
        # Of those that answer in columns: the first reads what types there are, which takes longer than most questions.
        self._first: Any = None
        self._first_lock = threading.Lock()
        self._pools: dict[Role, AsyncConnectionPool[AsyncConnection]] = {}
        self._batches: ConnectionPool[Connection] = ConnectionPool(
            self.url("service_role"),
            min_size=0,
            max_size=pool_size,
            open=False,
            kwargs={"row_factory": dict_row},
            configure=self._configure,
        )

    def url(self, role: Role) -> str:
        """A libpq connection string for `role`."""
        return make_conninfo(self.owner_url, user=role, password=role_password(self._secret, role))

    async def open(self) -> None:
        """Open the pools. raises: NotReady when the database does not answer within 30 s."""
        for role in ("authenticated", "operator", "service_role"):
            pool: AsyncConnectionPool[AsyncConnection] = AsyncConnectionPool(
                self.url(role),
                min_size=1,
                max_size=self._size,
                open=False,
                timeout=PATIENCE,
                # `transaction` begins and ends what is more than one statement.
                kwargs={"row_factory": dict_row, "autocommit": True},
                configure=self._configure_async if role == "service_role" else None,
                name=role,
            )
            try:
                await pool.open(wait=True, timeout=30)
            except psycopg.Error as error:
                raise NotReady(f"The database does not answer as {role}: {words(error)}") from error
            self._pools[role] = pool

    def _configure(self, connection: Connection) -> None:
        # Not in `url`: poolers refuse settings they do not know at the start of a connection.
        connection.execute(self._layout.encode())
        connection.commit()

    async def _configure_async(self, connection: AsyncConnection) -> None:
        await connection.execute(self._layout.encode())

    async def close(self) -> None:
        """Close the pools; connections in use are waited for."""
        for pool in self._pools.values():
            await pool.close()
        self._pools.clear()
        self.close_batches()

    def close_batches(self) -> None:
        """Close what `batch` and `columns` opened; for callers that never opened the other pools."""
        self._batches.close()
        with self._first_lock:
            if self._first is not None:
                self._hang_up()
            self._first = None

    @asynccontextmanager
    async def service(self) -> AsyncIterator[AsyncConnection]:
        """One transaction as service_role, committed at the end, rolled back on error."""
        async with self._pools["service_role"].connection() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def acting_as(self, identity: Identity) -> AsyncIterator[AsyncConnection]:
        """One transaction in which row security sees `identity`."""
        async with self._pools[identity.role].connection() as connection, connection.transaction():
            await connection.execute(
                "SELECT set_config('request.jwt.claim.org', %s, true), set_config('request.jwt.claim.sub', %s, true)",
                (identity.organisation, identity.person or ""),
            )
            yield connection

    @asynccontextmanager
    async def people(self) -> AsyncIterator[AsyncConnection]:
        """A connection of the people's role for single statements that say themselves who asks.

        Each is a transaction of its own; row security sees nobody in any other.
        """
        async with self._pools["authenticated"].connection() as connection:
            yield connection

    @contextmanager
    def batch(self) -> Iterator[Connection]:
        """One synchronous transaction as service_role, for ticks, jobs and imports."""
        self._batches.open()
        with self._batches.connection() as connection:
            yield connection

    @contextmanager
    def columns(self) -> Iterator[Any]:
        """An ADBC connection as service_role: Arrow in and out. One transaction."""
        connection = self._another()
        try:
            yield connection
        finally:
            # What the driver knows of its connections is changed by one thread at a time.
            with self._first_lock:
                connection.close()

    def _another(self) -> Any:
        """A connection of its own that knows the types of the first; they stay the same as long as we run."""
        with self._first_lock:
            if self._first is None:
                # Of its own it does nothing: no transaction of it stays open.
                self._first = dbapi.connect(_uri(self.url("service_role")), autocommit=True)
                # Also where nobody closes this: whoever drops it hangs up.
                self._hang_up = weakref.finalize(self, self._first.close)
            return self._first.adbc_clone()


def _uri(conninfo: str) -> str:
    """A libpq conninfo as the URI that ADBC wants."""
    parts = conninfo_to_dict(conninfo)
    user, password = quote(str(parts.pop("user"))), quote(str(parts.pop("password")))
    name = quote(str(parts.pop("dbname")))
    rest = "&".join(f"{key}={quote(str(value), safe='')}" for key, value in parts.items())
    return f"postgresql://{user}:{password}@/{name}?{rest}"
