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
    shutil.copy(ROOT / ".ci/env", tmp_path / ".ci/env")
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "rm", "touch"):
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or "")
    return tmp_path


def prepare(place: Path, **pythons: str) -> subprocess.CompletedProcess[str]:
    """Run the script where these Pythons are all there is."""
    for name, script in pythons.items():
        program = place / "bin" / name.replace("_", ".")
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
    path = {"PATH": str(place / "bin"), "HOME": os.environ.get("HOME", "/")}
    return subprocess.run([place / ".ci/env", "base"], env=path, capture_output=True, text=True, check=False)


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
