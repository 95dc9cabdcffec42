"""What every test may ask for: a PostgreSQL and a Valkey, real ones, and a fresh database.

`DATABASE_URL` and `REDIS_URL` make the suite use those servers; otherwise it starts its own.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from tactful.embedded import Parts, running, stop_unused
from tactful.embedded.settings import DATA_DIR, POSTGRES_OPTIONS, SHARED_BUFFERS
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings
from tactful.store.database import Database
from tactful.store.migrate import migrate
from tests.often import often

# A busy machine is slow, not wrong.
settings.register_profile("patient", deadline=None, max_examples=often(100))
settings.load_profile("patient")

# Not pytest's own folder: as root that one is closed to the user whom the servers run under.
PREFIX = "tactful-test-"
MEMORY, DISK = Path("/dev/shm"), Path("/tmp")
# What all databases of a run take at most, and some room beside [bytes].
ENOUGH = 4 << 30
# Nobody pulls this machine's plug; not waiting for the disk makes databases come and go faster. And what keeps
# passwords from being guessed takes as long as everything else that a new connection does.
QUICKLY = "fsync=off full_page_writes=off scram_iterations=1"
# The same in every run: the three roles belong to the server, so runs side by side share their passwords.
ROLE_SECRET = "tests"
# Read at once: tests of commands change them.
OWN_DATABASE, OWN_VALKEY = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")


def embedded_settings(folder: Path) -> Settings:
    """Settings for small servers that live in `folder`."""
    return Settings({DATA_DIR.name: str(folder), SHARED_BUFFERS.name: 128})


def pytest_collection_finish() -> None:
    """What was read so far stays until the end: it is not to be looked through again and again for what may go."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def embedded_parts() -> Iterator[Parts]:
    """The servers of this test session, in a folder that goes away with it."""
    _clear_up_after_killed_sessions()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=quickest()))
    try:
        with running(embedded_settings(folder).replace(**{POSTGRES_OPTIONS.name: QUICKLY})) as parts:
            yield parts
    finally:
        # Another session may be clearing up the same folder at this moment.
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """A PostgreSQL database, as its owner."""
    return OWN_DATABASE or str(request.getfixturevalue("embedded_parts").database_url)


@pytest.fixture(scope="session")
def redis_url(request: pytest.FixtureRequest) -> str:
    """A Valkey."""
    return OWN_VALKEY or str(request.getfixturevalue("embedded_parts").redis_url)


def quickest() -> Path:
    """Where files come and go fastest: each test has a database, and each database some 700 files."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH
    return MEMORY if roomy else DISK


def _clear_up_after_killed_sessions() -> None:
    for folder in (found for place in (MEMORY, DISK) for found in place.glob(f"{PREFIX}*/")):
        # A folder without this file is only just being made.
        # Whoever ends just now clears up after themselves.
        with suppress(OSError, CannotStart):
            ours = (folder / "run.json").exists() and folder.stat().st_uid == os.geteuid()
            if ours and stop_unused(embedded_settings(folder)):
                shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Asynchronous tests run on asyncio only, as the engine does."""
    return "asyncio"


@pytest.fixture(scope="session")
def template(database_url: str) -> Iterator[str]:
    """The name of a database that was migrated once; every test gets a copy of it."""
    with empty(database_url, f"tactful_template_{os.getpid()}") as url:
        migrate(Database(url, role_secret=ROLE_SECRET), role_secret=ROLE_SECRET)
        yield str(conninfo_to_dict(url)["dbname"])


@contextmanager
def empty(url: str, name: str) -> Iterator[str]:
    """A database called `name` without anything in it, on the server of `url`; its own address."""
    with psycopg.connect(url, autocommit=True) as owner:
        _drop(owner, name)
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        yield make_conninfo(url, dbname=name)
        _drop(owner, name)


@pytest.fixture
def closed_database(database_url: str, template: str) -> Iterator[Database]:
    """A freshly migrated database without open pools: enough for `batch` and `columns`."""
    with copied(database_url, template, f"{template}_copy") as database:
        yield database


@pytest.fixture(scope="module")
def module_database(database_url: str, template: str) -> Iterator[Database]:
    """A freshly migrated database for all tests of a module, each of which leaves nothing behind."""
    with copied(database_url, template, f"{template}_module") as database:
        yield database


@pytest.fixture
async def database(closed_database: Database, anyio_backend: str) -> AsyncIterator[Database]:
    """A freshly migrated database, open. For tests with and without `async`."""
    await closed_database.open()
    yield closed_database
    await closed_database.close()


@contextmanager
def copied(url: str, template: str, name: str) -> Iterator[Database]:
    """A copy of the database `template`, called `name`."""
    with psycopg.connect(url, autocommit=True) as owner:
        _drop(owner, name)
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        owner.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        # Months for every moment that tests are about, in whatever year they run.
        database = Database(make_conninfo(url, dbname=name), role_secret=ROLE_SECRET, pool_size=4, monthly_years=20)
        yield database
        database.close_batches()
        _drop(owner, name)


def _drop(owner: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
