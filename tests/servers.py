"""Runs a command as an owner who is nobody special, on our PostgreSQL and on the system's where there is one.

    python tests/servers.py COMMAND ARGUMENT...

Starts fresh servers in folders of their own, reachable only through these, makes the roles as
docs/guides/your-own-postgresql.md says, sets DATABASE_URL and REDIS_URL, runs the command and answers
with the first exit status that is not 0. Says so where the system has no PostgreSQL.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from tactful.embedded import running
from tactful.embedded.settings import POSTGRES_OPTIONS
from tactful.store.roles import script
from tests.conftest import PREFIX, QUICKLY, ROLE_SECRET, embedded_settings, quickest

OLDEST = 15
PATIENCE = 30  # seconds
DEBIAN = Path("/usr/lib/postgresql")
PASSWORD = "of these tests"

# An owner as managed services give them. Ending connections is only for dropping the tests' databases.
OWNER = f"""
CREATE ROLE plain LOGIN CREATEDB PASSWORD '{PASSWORD}';
GRANT pg_signal_backend TO plain;
"""
# The other way of the guide: an administrator makes the roles, the owner gives them their passwords.
ROLES = """
CREATE ROLE authenticated LOGIN;
CREATE ROLE operator LOGIN;
CREATE ROLE service_role LOGIN BYPASSRLS;
ALTER ROLE plain CREATEROLE;
"""
FROM_16 = "GRANT authenticated, operator, service_role TO plain WITH ADMIN TRUE, INHERIT FALSE, SET FALSE"


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL that Debian's packages installed, if it is new enough."""
    found = [int(path.parent.name) for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    newest = max(found, default=0)
    return DEBIAN / str(newest) / "bin" if newest >= OLDEST else None


def redis_program() -> str | None:
    """The system's Valkey or Redis server."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


def account() -> str | None:
    """Whom the servers run as: root steps down, others stay themselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def serving(command: list[str], ready: list[str], user: str | None) -> Iterator[None]:
    """A server, from its first answer until the block ends."""
    server = subprocess.Popen(command, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + PATIENCE
        while subprocess.run(ready, capture_output=True, check=False).returncode != 0:
            if time.monotonic() > give_up or server.poll() is not None:
                raise SystemExit(f"{command[0]} does not start.")
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def postgres(programs: Path, folder: Path, user: str | None) -> Iterator[str]:
    """A fresh PostgreSQL; the connection string of its administrator."""
    data, secret = str(folder / "data"), folder / "secret"
    secret.write_text(PASSWORD, encoding="ascii")
    make = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-E", "UTF8", "--locale", "C", "-N"]
    make += ["-A", "scram-sha-256", f"--pwfile={secret}"]
    subprocess.run(make, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    run = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    ready = [str(programs / "pg_isready"), "-q", "-h", str(folder)]
    with serving(run, ready, user):
        yield make_conninfo(host=str(folder), user="postgres", password=PASSWORD, dbname="postgres")


@contextmanager
def redis(program: str, folder: Path, user: str | None) -> Iterator[str]:
    """A fresh Redis or Valkey; its address."""
    socket = folder / "redis.sock"
    run = [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    with serving(run, ["test", "-S", str(socket)], user):
        yield f"unix://{socket}"


def plain(administrator: str, *, sets_passwords: bool) -> str:
    """Make the roles and an owner who is not superuser; the owner's connection string."""
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(OWNER)
        connection.execute((ROLES if sets_passwords else script(ROLE_SECRET)).encode())
        if sets_passwords and connection.info.server_version >= 160000:
            connection.execute(FROM_16)
    return make_conninfo(administrator, user="plain", password=PASSWORD, dbname="postgres")


def on_ours(command: list[str]) -> int:
    """Run `command` on the embedded servers, where the roles are made by what `tactful roles` prints."""
    with ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX, dir=quickest(), ignore_cleanup_errors=True))
        )
        quick = {POSTGRES_OPTIONS.name: QUICKLY}
        parts = stack.enter_context(running(embedded_settings(folder).replace(**quick)))
        urls = {"DATABASE_URL": plain(parts.database_url, sets_passwords=False), "REDIS_URL": parts.redis_url}
        print("Store tests on our own PostgreSQL, as an owner who is not superuser:", flush=True)  # noqa: T201
        return subprocess.run(command, env=os.environ | urls, check=False).returncode


def on_the_systems(command: list[str]) -> int:
    """Run `command` on the system's servers, where the owner sets the roles' passwords."""
    programs, program, user = postgres_programs(), redis_program(), account()
    if programs is None:
        print(f"No PostgreSQL {OLDEST} or newer in {DEBIAN}: the store tests ran on the embedded one only.")  # noqa: T201
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tactful-system-", dir=quickest())))
        if user is not None:
            shutil.chown(folder, user)
        administrator = stack.enter_context(postgres(programs, folder, user))
        urls = {"DATABASE_URL": plain(administrator, sets_passwords=True)}
        # What holds for any order and any grouping was just tried on ours as often as it takes.
        environ = {"EXAMPLES": "0.2"} | os.environ | urls
        if program is None:
            print("No Valkey or Redis on this system: the embedded one serves with the system's PostgreSQL.")  # noqa: T201
        else:
            environ["REDIS_URL"] = stack.enter_context(redis(program, folder, user))
        print(f"Store tests on {programs.parent} and {program or 'the embedded Valkey'}:", flush=True)  # noqa: T201
        return subprocess.run(command, env=environ, check=False).returncode


def main(command: list[str]) -> int:
    """Run `command` on every server there is."""
    return on_ours(command) or on_the_systems(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
