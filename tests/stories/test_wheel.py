"""The wheel alone, with nothing of the sources beside it and no Node on the path, serves every page and script."""

import re
import subprocess
import sys
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import pytest

from tactful.store.database import Database
from tests.conftest import ROLE_SECRET
from tests.stories.processes import Part, free_port, wait_until_ready

ROOT = Path(__file__).parents[2]
LINKED = re.compile(r'(?:href|src)="([^"#]+\.(?:css|js|svg)[^"]*)"')


@dataclass
class FromElsewhere(Part):
    """A command of the installed package, started where the sources are not."""

    place: Path = Path()

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tactful", *self.arguments],
                cwd=self.place,
                env=self.environ,
                stderr=log,
                stdout=log,
            )


@pytest.fixture(scope="module")
def address(module_database: Database, redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("wheel")
    building = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(building, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = place.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place / "installed")
    port = free_port()
    environ = {
        "PYTHONPATH": str(place / "installed"),
        "PATH": "/nowhere",
        "DATABASE_URL": module_database.owner_url,
        "REDIS_URL": redis_url,
        "TACTFUL_STORE_ROLE_SECRET": ROLE_SECRET,
        "TACTFUL_API_JWT_SECRET": "the key of these tests, long enough for HS256",
    }
    asked = [sys.executable, "-c", "import tactful; print(tactful.__file__)"]
    found = subprocess.run(asked, cwd=place, env=environ, check=True, capture_output=True, text=True)
    assert found.stdout.startswith(str(place / "installed"))
    part = FromElsewhere(["api", "--port", str(port)], environ, place / "log", place=place)
    part.start()
    try:
        wait_until_ready(f"http://127.0.0.1:{port}", part)
        yield f"http://127.0.0.1:{port}"
    finally:
        part.stop()


def fetched(address: str) -> str:
    """What is there. raises: urllib.error.HTTPError."""
    with urllib.request.urlopen(address, timeout=30) as answer:
        return str(answer.read().decode())


@pytest.mark.parametrize("page", ["/", "/docs", "/console/sign-in"])
def test_every_page_comes_with_what_it_is_made_of(address: str, page: str) -> None:
    linked = LINKED.findall(fetched(address + page))
    assert linked
    for each in linked:
        assert fetched(urljoin(address + page, each))


def test_every_file_of_the_pages_is_in_the_wheel(address: str) -> None:
    there = ROOT / "tactful" / "console" / "static"
    for path in there.rglob("*"):
        if path.suffix in (".css", ".js", ".svg"):
            assert fetched(f"{address}/console/static/{path.relative_to(there).as_posix()}")


def test_the_widget_and_all_its_parts_are_in_the_wheel(address: str) -> None:
    script = fetched(f"{address}/widget.js")
    parts = re.findall(r"[a-z]+-[0-9a-f]{10}\.js", script)
    assert len(parts) >= 6
    for part in parts:
        assert fetched(f"{address}/widget/{part}") == (ROOT / "tactful/api/static/widget" / part).read_text()
