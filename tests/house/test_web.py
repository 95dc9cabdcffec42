"""What browsers run is what its sources say, to the byte, and small."""

import gzip
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

BUILT = ROOT / "tactful/api/static"
SCRIPTS = ("widget.js", "push.js", "push-worker.js")
# As it travels [bytes].
CORE, PART = 10_000, 6_000


def run(*command: str) -> None:
    """Run a program of Node; where there is none, `make env` says what to do."""
    done = subprocess.run([ROOT / ".ci/node", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def built(folder: Path) -> dict[str, bytes]:
    """Every file that is built, by its path below the package."""
    static = folder / "api/static"
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in [*(static / name for name in SCRIPTS), *sorted((static / "widget").glob("*"))]
    }


def test_the_sources_are_sound_and_what_is_committed_was_built_from_them(tmp_path: Path) -> None:
    assert (ROOT / "web/node_modules").is_dir(), "run .ci/env test, or npm ci in web/"
    run("npm", "--prefix", "web", "run", "--silent", "check")
    run("node", "web/build.mjs", str(tmp_path))
    assert built(ROOT / "tactful") == built(tmp_path), "run make web"


@pytest.mark.parametrize(
    "path", [*(BUILT / name for name in SCRIPTS), *sorted((BUILT / "widget").glob("*.js"))], ids=lambda path: path.stem
)
def test_what_a_page_loads_is_small(path: Path) -> None:
    assert len(gzip.compress(path.read_bytes(), 9)) < (CORE if path.name == "widget.js" else PART)


def test_no_source_reads_text_as_html_or_code() -> None:
    banned = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "new Function",
        "createContextualFragment",
    )
    sources = [path for folder in ("widget", "push") for path in sorted((ROOT / "web" / folder).rglob("*.ts"))]
    assert len(sources) > 20
    assert [(path.name, word) for path in sources for word in banned if word in path.read_text()] == []


def test_no_source_is_long() -> None:
    assert [
        path.name
        for path in (ROOT / "web").rglob("*.ts")
        if "node_modules" not in path.parts and len(path.read_text().splitlines()) > 300
    ] == []
