"""Databases and roles in and out, by PostgreSQL's own programs."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.embedded.cluster import OWNER
from tactful.embedded.postgres import DATABASE, PostgresServer
from tactful.embedded.programs import PostgresPrograms
from tactful.kernel.errors import TactfulError

BLOCK = 1 << 20


def roles_out(server: PostgresServer, programs: PostgresPrograms) -> bytes:
    """Every role but the owner, as SQL that may be run where some of them exist already."""
    with _piped(server, programs, ["pg_dumpall", "--roles-only"], "postgres", stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        return b"".join(_tolerant(line) for line in process.stdout)


def roles_in(server: PostgresServer, roles: bytes) -> None:
    """Make the roles that `roles_out` wrote. raises: TactfulError at the first failure."""
    command = ["psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    with _piped(server, server.programs, command, "postgres", stdin=subprocess.PIPE) as process:
        _feed(process, [roles])


@contextmanager
def database_out(
    server: PostgresServer, programs: PostgresPrograms, database: str = DATABASE
) -> Iterator[Iterator[bytes]]:
    """One database in PostgreSQL's custom format, in blocks; to be read to the end.

    raises: TactfulError on leaving when it did not come out whole; what was read is worthless then.
    """
    with _piped(server, programs, ["pg_dump", "--format=custom"], database, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        yield blocks(process.stdout)


def database_in(server: PostgresServer, content: Iterator[bytes], database: str, *options: str) -> None:
    """Restore what `database_out` gave, connected to `database`. raises: TactfulError at the first failure."""
    command = ["pg_restore", "--exit-on-error", *options]
    with _piped(server, server.programs, command, database, stdin=subprocess.PIPE) as process:
        _feed(process, content)


def blocks(stream: IO[bytes]) -> Iterator[bytes]:
    """A stream in large pieces."""
    while block := stream.read(BLOCK):
        yield block


def _feed(process: subprocess.Popen[bytes], content: Iterator[bytes] | Sequence[bytes]) -> None:
    assert process.stdin is not None
    try:
        for block in content:
            process.stdin.write(block)
        process.stdin.close()
    except BrokenPipeError:
        # It has ended early; its own words, which say why, are raised once it is waited for.
        process.stdin = None


def _tolerant(line: bytes) -> bytes:
    if line.startswith((f"CREATE ROLE {OWNER};".encode(), f"ALTER ROLE {OWNER} ".encode())):
        return b""
    if line.startswith(b"CREATE ROLE "):
        return b"DO $$ BEGIN " + line.rstrip() + b" EXCEPTION WHEN duplicate_object THEN NULL; END $$;\n"
    return line


@contextmanager
def _piped(
    server: PostgresServer, programs: PostgresPrograms, command: list[str], database: str, **streams: Any
) -> Iterator[subprocess.Popen[bytes]]:
    name, *words = command
    place: dict[str, Any] = conninfo_to_dict(server.url(database=database))
    options = server.folder.account.popen()
    # In its surroundings, not among its words: those everybody on the machine may read.
    options["env"] |= {"PGPASSWORD": str(place.pop("password"))}
    with tempfile.TemporaryFile() as said:
        command = [str(programs[name]), *words, f"--dbname={make_conninfo('', **place)}"]
        process: subprocess.Popen[bytes] = subprocess.Popen(command, stderr=said, **streams, **options)
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            process.communicate()
        if process.returncode:
            said.seek(0)
            raise TactfulError(f"{name} failed: {said.read().decode(errors='replace').strip()}")
