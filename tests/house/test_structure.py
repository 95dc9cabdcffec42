"""The rules of the house that are about files: size, names, direction of imports, pins."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.house.tree import ROOT, WRITTEN, files, name

MOST_LINES = 400
KERNEL_LINES = 600
LOOP_LINES = 150
BANNED = {"utils", "util", "common", "helpers", "services", "managers", "misc"}
# Composed, so that this file does not name them either.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "yarn" + "pkg.com",
    "ana" + "conda.org",
]
CODE = list(files(".py"))


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_of_code_is_longer_than_four_hundred_lines() -> None:
    assert {name(path): lines(path) for path in CODE if lines(path) > MOST_LINES} == {}


def test_the_loop_stays_short_enough_to_be_read_first() -> None:
    assert lines(ROOT / "tactful/loop.py") <= LOOP_LINES


def test_the_kernel_stays_small() -> None:
    assert sum(lines(path) for path in files(".py", under="tactful/kernel")) <= KERNEL_LINES


def test_no_drawer_of_a_name_is_used() -> None:
    named = {part for path in CODE for part in (*path.relative_to(ROOT).parts[:-1], path.stem)}
    assert named & BANNED == set()


def test_every_module_says_what_it_is_for() -> None:
    silent = [name(path) for path in CODE if path.read_text() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert silent == []


def test_tests_do_not_patch_our_own_modules() -> None:
    own = re.compile(r"""(setattr|patch|patch\.object)\(\s*["']?tactful""")
    assert [name(path) for path in files(".py", under="tests") if own.search(path.read_text())] == []


def test_every_test_is_a_sentence() -> None:
    pattern = re.compile(r"^\s*(?:async )?def (test_\w+)", re.MULTILINE)
    short = [
        f"{name(path)}: {found}"
        for path in files(".py", under="tests")
        for found in pattern.findall(path.read_text())
        if found.count("_") < 3
    ]
    assert short == []


def test_no_contract_on_imports_is_escaped() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    escapes = [contract["name"] for contract in settings["contracts"] if "ignore_imports" in contract]
    assert escapes == []
    assert settings["contracts"][0]["exhaustive"] is True


def test_imports_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("part", ["base", "test"])
def test_requirements_are_pins_without_addresses(part: str) -> None:
    text = (ROOT / f"requirements/{part}.txt").read_text()
    assert "://" not in text
    rows = [row for row in text.splitlines() if row and not row.startswith("#")]
    assert [row for row in rows if not re.match(r"^[A-Za-z0-9._-]+(\[[a-z,]+\])?==[^ ]+( ; .+)?$", row)] == []


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    pinned = {row.split("==")[0].split("[")[0] for row in (ROOT / "requirements/test.txt").read_text().splitlines()}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    names = {re.split(r"[\[<>=; ]", row)[0].lower() for row in wanted}
    assert names - pinned == set()


def test_no_file_names_a_package_registry() -> None:
    found = {
        name(path)
        for path in files(*WRITTEN)
        for host in REGISTRIES
        if host in path.read_text(encoding="utf-8", errors="replace")
    }
    assert found == set()


def test_the_continuous_run_is_the_test_command() -> None:
    assert "make test" in (ROOT / ".ci/run").read_text()
    assert (ROOT / ".ci/run").stat().st_mode & 0o111


PROMISED = ["env", "up", "demo", "test", "check", "bench", "soak", "screenshots"]


@pytest.mark.parametrize("target", PROMISED)
def test_make_knows_every_promised_target(target: str) -> None:
    assert re.search(rf"^{target}:.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
