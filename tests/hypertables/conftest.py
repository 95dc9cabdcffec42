"""Databases whose time series are hypertables: with what stands in for TimescaleDB, made before the first migration."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from tactful.store.database import Database
from tactful.store.migrate import migrate
from tests.conftest import PREFIX, ROLE_SECRET, empty

STANDIN = Path(__file__).parent / "standin"
# From here on an extension need not lie in the server's own folder.
FROM = 180000


@pytest.fixture(scope="session")
def extensions() -> Iterator[Path]:
    """The folder of the stand-in, where the server's own user can read it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        shutil.copytree(STANDIN, folder / "extension")
        for path in (folder / "extension").iterdir():
            path.chmod(0o644)
        yield folder


@pytest.fixture(scope="session")
def template(database_url: str, extensions: Path) -> Iterator[str]:
    """In place of the one without: every test of this folder gets a copy of it."""
    with empty(database_url, f"tactful_hypertables_{os.getpid()}") as url:
        stand_in(url, extensions)
        migrate(Database(url, role_secret=ROLE_SECRET), role_secret=ROLE_SECRET)
        yield str(conninfo_to_dict(url)["dbname"])


def stand_in(url: str, extensions: Path) -> None:
    """Make the extension `timescaledb`, as an operator does; of ours. Skips the test where that is not possible."""
    with psycopg.connect(url, autocommit=True) as owner:
        known = owner.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if owner.info.server_version < FROM or known != (True,):
            pytest.skip(
                "only a superuser of PostgreSQL 18 or newer may make an extension that the server did not bring"
            )
        owner.execute(sql.SQL("SET extension_control_path = {}").format(f"{extensions}:$system"))
        owner.execute("CREATE EXTENSION timescaledb")
