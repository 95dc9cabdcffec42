"""What every test may ask for: a PostgreSQL and a Valkey, real ones.

`DATABASE_URL` and `REDIS_URL` make the suite use those servers; otherwise it starts its own.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tactful.embedded import Parts, running, stop_unused
from tactful.embedded.settings import DATA_DIR, SHARED_BUFFERS
from tactful.kernel.settings import Settings

# Not pytest's own folder: as root that one is closed to the user whom the servers run under.
PREFIX = "tactful-test-"


def embedded_settings(folder: Path) -> Settings:
    """Settings for small servers that live in `folder`."""
    return Settings({DATA_DIR.name: str(folder), SHARED_BUFFERS.name: 128})


@pytest.fixture(scope="session")
def embedded_parts() -> Iterator[Parts]:
    """The servers of this test session, in a folder that goes away with it."""
    _clear_up_after_killed_sessions()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    try:
        with running(embedded_settings(folder)) as parts:
            yield parts
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest) -> str:
    """A PostgreSQL database, as its owner."""
    own = os.environ.get("DATABASE_URL")
    return own or str(request.getfixturevalue("embedded_parts").database_url)


@pytest.fixture(scope="session")
def redis_url(request: pytest.FixtureRequest) -> str:
    """A Valkey."""
    own = os.environ.get("REDIS_URL")
    return own or str(request.getfixturevalue("embedded_parts").redis_url)


def _clear_up_after_killed_sessions() -> None:
    for folder in Path("/tmp").glob(f"{PREFIX}*/"):
        # A folder without this file is only just being made.
        ours = (folder / "run.json").exists() and folder.stat().st_uid == os.geteuid()
        if ours and stop_unused(embedded_settings(folder)):
            shutil.rmtree(folder, ignore_errors=True)
