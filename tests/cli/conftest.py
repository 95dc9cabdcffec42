"""Commands as somebody types them, on a database of their own."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tactful.cli import main
from tactful.store.database import Database
from tests.conftest import ROLE_SECRET


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str


Typed = Callable[..., Said]


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A data directory that the servers' own account may pass through to."""
    with tempfile.TemporaryDirectory(prefix="tactful-cli-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name) / "data"


@pytest.fixture
def alone(capsys: pytest.CaptureFixture[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command that needs no servers."""
    monkeypatch.setenv("TACTFUL_DATA_DIR", str(data_dir))
    # Where the suite is given servers, these commands are still to see none.
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)

    def typed(*arguments: object) -> Said:
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        told = capsys.readouterr()
        return Said(status, told.out, told.err)

    return typed


@pytest.fixture
def typed(closed_database: Database, redis_url: str, alone: Typed, monkeypatch: pytest.MonkeyPatch) -> Typed:
    """Types a command on a freshly migrated database."""
    monkeypatch.setenv("DATABASE_URL", closed_database.owner_url)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("TACTFUL_STORE_ROLE_SECRET", ROLE_SECRET)
    return alone
