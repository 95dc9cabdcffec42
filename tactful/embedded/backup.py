"""Backups of the embedded database: one file with everything PostgreSQL keeps, and back again.

A backup is a zip of three members: `about.json`, `roles.sql` and `database.dump` (PostgreSQL's
custom format, already compressed). What Valkey keeps are hints and caches; they are not part of it.
"""

import json
import logging
import os
import zipfile
from collections.abc import Collection
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tactful.embedded.dump import blocks, database_in, database_out, roles_in, roles_out
from tactful.embedded.folder import Say
from tactful.embedded.parts import running
from tactful.embedded.postgres import DATABASE, PostgresServer
from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings

FORMAT = 1
INCOMING = f"{DATABASE}_incoming"
OUTGOING = f"{DATABASE}_outgoing"

log = logging.getLogger(__name__)


def backup(settings: Settings, target: Path, *, say: Say = log.info) -> None:
    """Write the database and its roles to the file `target`, which appears only when it is whole.

    Tactful may go on running: the backup shows the database at one instant.
    raises: BadInput when `target` cannot be written, TactfulError when PostgreSQL cannot be read.
    """
    part = target.with_name(f".{target.name}.part")
    with running(settings, valkey=False, say=say) as parts:
        try:
            part.unlink(missing_ok=True)
            with os.fdopen(os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
                with zipfile.ZipFile(file, "w") as archive:
                    _write(parts.postgres, archive)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        except OSError as error:
            raise BadInput(f"{target} cannot be written: {error.strerror}.", fields=["target"]) from error
        finally:
            part.unlink(missing_ok=True)
    say(f"Wrote {target}, {target.stat().st_size / 1e6:.1f} MB.")


def restore(settings: Settings, source: Path, *, migrations: Collection[str], say: Say = log.info) -> None:
    """Replace the database by the one in the backup `source`. Until the very end the old one stays in place.

    migrations: those this version of Tactful has; what was saved behind any other is refused.
    raises: BadInput when `source` is not a whole backup or of a newer Tactful, Conflict when Tactful is running.
    """
    with _opened(source) as archive, running(settings, valkey=False, say=say) as parts, parts.exclusively():
        server = parts.postgres
        about = _about(source, archive)
        if about["postgresql"] > server.programs.major:
            raise BadInput(f"{source} needs PostgreSQL {about['postgresql']} or newer.", fields=["source"])
        roles_in(server, archive.read("roles.sql"))
        _recreate(server, INCOMING)
        with archive.open("database.dump") as content:
            database_in(server, blocks(content), INCOMING)
        with psycopg.connect(server.url(database=INCOMING), autocommit=True) as connection:
            _openable(source, connection, migrations)
            connection.execute("ANALYZE")
        _exchange(server)
    say(f"Restored {source}.")


def _write(server: PostgresServer, archive: zipfile.ZipFile) -> None:
    about = {"format": FORMAT, "postgresql": server.programs.major, "tactful": version("tactful")}
    archive.writestr("about.json", json.dumps(about))
    archive.writestr("roles.sql", roles_out(server, server.programs))
    with archive.open("database.dump", "w", force_zip64=True) as member, database_out(server, server.programs) as dump:
        for block in dump:
            member.write(block)


def _opened(source: Path) -> zipfile.ZipFile:
    """The backup, every byte of it checked."""
    try:
        archive = zipfile.ZipFile(source)
        broken = archive.testzip() or {"about.json", "roles.sql", "database.dump"} - set(archive.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"{source} is not a backup that can be read: {error}.", fields=["source"]) from error
    if broken:
        archive.close()
        raise BadInput(f"{source} is damaged or not a backup of Tactful.", fields=["source"])
    return archive


def _about(source: Path, archive: zipfile.ZipFile) -> dict[str, int]:
    """The format and the PostgreSQL major of a backup whose format we read."""
    try:
        told = json.loads(archive.read("about.json"))
        about = {name: int(told[name]) for name in ("format", "postgresql")}
    except (ValueError, TypeError, KeyError) as error:
        raise BadInput(f"{source} does not say what it is; it is no backup of Tactful.", fields=["source"]) from error
    if about["format"] != FORMAT:
        raise BadInput(f"{source} was saved by a newer Tactful; restore it with that one.", fields=["source"])
    return about


def _openable(source: Path, incoming: psycopg.Connection[tuple[Any, ...]], migrations: Collection[str]) -> None:
    """Refuse a database that this version would not start on."""
    there = incoming.execute("SELECT to_regclass('public.alembic_version') IS NOT NULL").fetchone() == (True,)
    found = incoming.execute("SELECT version_num FROM alembic_version").fetchall() if there else []
    if any(number not in migrations for (number,) in found):
        raise BadInput(f"{source} was saved by a newer Tactful; restore it with that one.", fields=["source"])


def _recreate(server: PostgresServer, name: str) -> None:
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _exchange(server: PostgresServer) -> None:
    """The restored database takes the place of the old one, in one step."""
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(OUTGOING)))
        with connection.transaction():
            connection.execute(rename.format(sql.Identifier(DATABASE), sql.Identifier(OUTGOING)))
            connection.execute(rename.format(sql.Identifier(INCOMING), sql.Identifier(DATABASE)))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(OUTGOING)))
