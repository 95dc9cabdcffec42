"""The system account the servers run under: ours, or an unprivileged one when we are root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tactful.kernel.errors import CannotStart

NAME = "tactful"
FALLBACK = "nobody"


@dataclass(frozen=True, slots=True)
class Account:
    """Who a server runs as. `switch` is true when we are root and step down for it."""

    name: str
    uid: int
    gid: int
    switch: bool

    def popen(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program under this account, away from our own surroundings.

        PGHOST and its like, or a language that is not installed, must not reach the servers.
        """
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        options: dict[str, Any] = {"cwd": "/", "env": kept | {"LC_ALL": "C", "TZ": "UTC"}, "umask": 0o077}
        if self.switch:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def run(self, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, its output captured as text. It is not an error when it fails."""
        return subprocess.run(
            [str(part) for part in command], **{"text": True, "capture_output": True, **self.popen(), **options}
        )

    def own(self, path: Path, mode: int) -> None:
        """Give `path` to this account with `mode`."""
        if self.switch:
            os.chown(path, self.uid, self.gid)
        path.chmod(mode)

    def can_enter(self, folder: Path) -> bool:
        """Whether this account can reach `folder`; asked of the machine, not guessed from modes."""
        if not self.switch:
            return os.access(folder, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd "$1"', "sh", folder]).returncode == 0


def server_account(existing: Path) -> Account:
    """The account servers run under; `existing` data keeps the owner it has.

    raises: CannotStart when we are somebody the machine has no account for.
    """
    if os.geteuid() != 0:
        return _account(_ourselves(), switch=False)
    if existing.exists() and existing.stat().st_uid != 0:
        return _account(pwd.getpwuid(existing.stat().st_uid), switch=True)
    return _account(_find(NAME) or _create() or _find(FALLBACK), switch=True)


def _ourselves() -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(os.geteuid())
    except KeyError:
        raise CannotStart(
            f"PostgreSQL needs an account for user id {os.geteuid()}; add it to /etc/passwd or run as another user."
        ) from None


def _account(entry: pwd.struct_passwd | None, *, switch: bool) -> Account:
    if entry is None:
        raise CannotStart("PostgreSQL must not run as root; make a system user called tactful.")
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, switch)


def _find(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd | None:
    useradd = shutil.which("useradd") or shutil.which("useradd", path="/usr/sbin:/sbin")
    if useradd is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    # Fails when another process was faster or when /etc is read-only; then there is something to find, or not.
    subprocess.run([useradd, *options, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, check=False)
    return _find(NAME)
