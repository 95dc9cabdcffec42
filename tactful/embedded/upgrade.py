"""From one PostgreSQL major version to the next: a new data folder beside the old one, then a rename."""

import logging
import shutil
from pathlib import Path

import psycopg

from tactful.embedded.cluster import major_of
from tactful.embedded.dump import database_in, database_out, roles_in, roles_out
from tactful.embedded.folder import Folder, Lease, Say, data_dir
from tactful.embedded.postgres import PORT, PostgresServer
from tactful.embedded.programs import own_postgres, postgres_programs
from tactful.embedded.settings import START_WAIT
from tactful.kernel.errors import BadInput, CannotStart, Conflict
from tactful.kernel.settings import Settings

log = logging.getLogger(__name__)


def upgrade(settings: Settings, old_bin: Path, *, say: Say = log.info) -> Path | None:
    """Bring the data to the major version of our own PostgreSQL; the old data folder is kept and returned.

    `old_bin` holds the programs of the version the data belongs to, for example
    /usr/lib/postgresql/17/bin. Nothing to do returns None. Interrupted, it can be run again.
    raises: BadInput for wrong programs, Conflict when Tactful is running, CannotStart without data.
    """
    folder = Folder(data_dir(settings))
    lease = Lease(folder)
    with lease.changing(settings[START_WAIT], say):
        lease.join()
        try:
            if not lease.alone():
                raise Conflict(f"Tactful is running on {folder.path}; stop it first.")
            return _upgrade(folder, settings, old_bin, say)
        finally:
            lease.leave()


def _upgrade(folder: Folder, settings: Settings, old_bin: Path, say: Say) -> Path | None:
    _take_back(folder)
    own, major = own_postgres(folder), major_of(folder.postgres)
    if major is None:
        raise CannotStart(f"There is no database in {folder.path} that could be upgraded.")
    if major == own.major:
        say(f"The data is PostgreSQL {major} already.")
        return None
    programs = postgres_programs(old_bin, folder.account)
    if programs.major != major:
        raise BadInput(
            f"{old_bin} holds PostgreSQL {programs.major}, but the data belongs to {major}.", fields=["old_bin"]
        )
    made = folder.path / "postgres.new"
    shutil.rmtree(made, ignore_errors=True)
    old = PostgresServer(folder, programs, settings)
    new = PostgresServer(folder, own, settings, data=made, port=PORT + 1)
    try:
        old.start(say)
        new.start(say)
        _copy(old, new, say)
    finally:
        new.stop()
        old.stop()
        folder.forget_sockets()
    kept = _kept(folder, major)
    folder.postgres.rename(kept)
    made.rename(folder.postgres)
    say(f"The data is PostgreSQL {own.major} now; the old one is kept in {kept} until you remove it.")
    return kept


def _copy(old: PostgresServer, new: PostgresServer, say: Say) -> None:
    roles_in(new, roles_out(old, new.programs))
    for name in _databases(old):
        say(f"Copying the database {name}.")
        with database_out(old, new.programs, name) as content:
            database_in(new, content, "postgres", "--create", "--clean", "--if-exists")
        with psycopg.connect(new.url(database=name), autocommit=True) as connection:
            connection.execute("ANALYZE")


def _databases(server: PostgresServer) -> list[str]:
    query = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres'"
    with psycopg.connect(server.url(database="postgres")) as connection:
        return [str(row[0]) for row in connection.execute(query)]


def _take_back(folder: Folder) -> None:
    """Undo the first of the two renames, when the second was never reached."""
    kept = sorted(folder.path.glob("postgres-*.old"), key=lambda path: path.stat().st_ctime)
    if kept and not folder.postgres.exists():
        kept[-1].rename(folder.postgres)


def _kept(folder: Folder, major: int) -> Path:
    number, kept = 1, folder.path / f"postgres-{major}.old"
    while kept.exists():
        number, kept = number + 1, folder.path / f"postgres-{major}-{number}.old"
    return kept
