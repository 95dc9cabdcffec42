"""Data directories to start servers in, and other processes that use them."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from tactful.embedded import running, stop_unused
from tactful.embedded.settings import DATA_DIR, SHARED_BUFFERS
from tactful.kernel.settings import Settings
from tests.conftest import PREFIX, quickest

# Uses the servers until its input ends. Everything is imported before it steps down to another
# user, whom the place of the Python library may be closed to.
OTHER = """
import encodings.idna, json, os, sys
from tactful.embedded import running
from tactful.kernel.settings import Settings
order = json.loads(sys.argv[1])
if order["uid"]:
    os.setgroups([]), os.setgid(order["uid"]), os.setuid(order["uid"])
with running(Settings(order["settings"]), valkey=False) as parts:
    owner = os.stat(parts.postgres.data).st_uid
    print(json.dumps([parts.database_url, parts.postgres.running().pid, owner]), flush=True)
    sys.stdin.read()
"""


@dataclass
class Other:
    """Another process that uses the servers."""

    process: subprocess.Popen[str]

    def ready(self) -> tuple[str, int, int]:
        """Wait until it runs: its database's address, the server's process id, the data's owner."""
        assert self.process.stdout is not None
        url, pid, owner = json.loads(self.process.stdout.readline())
        return url, pid, owner

    def leave(self) -> None:
        """Let it end in order."""
        self.process.communicate("")
        assert self.process.returncode == 0

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A long path with spaces, a quote and an umlaut; what runs there is stopped afterwards."""
    base = Path(tempfile.mkdtemp(prefix=PREFIX, dir=quickest()))
    base.chmod(0o755)
    path = base / "a 'long' päth" / ("with spaces " * 10).strip()
    yield path
    if (path / "postgres" / "PG_VERSION").exists():
        assert stop_unused(settings_for(path))
    shutil.rmtree(base)


def settings_for(path: Path, **more: object) -> Settings:
    """Settings of small servers in `path`."""
    return Settings({DATA_DIR.name: str(path), SHARED_BUFFERS.name: 64, **more})


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    """A data directory made once; most tests only need one that exists."""
    with tempfile.TemporaryDirectory(prefix="tactful-made-", dir=quickest()) as name:
        with running(settings_for(Path(name)), valkey=False):
            pass
        yield Path(name)


@pytest.fixture
def made(data_dir: Path, template: Path) -> Settings:
    """Settings of small servers in `data_dir`, which has been used before."""
    data_dir.parent.mkdir()
    subprocess.run(["cp", "-a", template, data_dir], check=True)
    return settings_for(data_dir)


@pytest.fixture
def settings(data_dir: Path) -> Settings:
    """Settings of small servers in `data_dir`, which is not there yet."""
    return settings_for(data_dir)


@pytest.fixture
def another_process(data_dir: Path) -> Iterator[Callable[..., Other]]:
    """Start another process that uses the servers of `data_dir`; killed at the end if still there."""
    with ExitStack() as ends:

        def start(*, uid: int = 0) -> Other:
            chosen = {DATA_DIR.name: str(data_dir), SHARED_BUFFERS.name: 64}
            order = json.dumps({"settings": chosen, "uid": uid})
            process = subprocess.Popen(
                [sys.executable, "-c", OTHER, order], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            ends.callback(Other(process).kill)
            return Other(process)

        yield start
