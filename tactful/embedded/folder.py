"""The data directory: where everything lies, the secrets kept in it, and who is using it."""

import fcntl
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tactful.embedded.account import Account, server_account
from tactful.embedded.settings import DATA_DIR
from tactful.kernel import ids
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings

Say = Callable[[str], None]


def data_dir(settings: Settings) -> Path:
    """The data directory these settings name; not created yet."""
    chosen = settings[DATA_DIR]
    if chosen:
        return Path(chosen).expanduser().resolve()
    return Path("/var/lib/tactful") if os.geteuid() == 0 else Path.home() / ".local" / "share" / "tactful"


class Folder:
    """One data directory, opened. raises: CannotStart when it cannot be written or reached."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.postgres = path / "postgres"
        self.valkey = path / "valkey"
        self.logs = path / "logs"
        try:
            path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.account: Account = server_account(self.postgres)
            self._prepare()
        except OSError as error:
            raise CannotStart(f"The data directory {path} cannot be used: {error.strerror}.") from error

    def _prepare(self) -> None:
        # The servers' account may pass through to its own folders; everything else in here is closed to it.
        if self.account.switch and not self.path.stat().st_mode & 0o001:
            self.path.chmod(self.path.stat().st_mode | 0o001)
        if not self.account.can_enter(self.path):
            raise CannotStart(
                f"The data directory {self.path} cannot be reached by the user {self.account.name}, under whom the "
                "servers run; choose one whose parents others may enter (embedded.data_dir)."
            )
        self.logs.mkdir(exist_ok=True)
        self.account.own(self.logs, 0o700)

    def secret(self, name: str) -> str:
        """The secret of that name, drawn on first use; readable by our own account alone."""
        file = self.path / "secrets" / name
        file.parent.mkdir(mode=0o700, exist_ok=True)
        if not file.exists():
            drawn = self._temporary(file, ids.token())
            # A link, not a rename: when two processes draw at once, the first one's secret is the secret.
            with suppress(FileExistsError):
                file.hardlink_to(drawn)
            drawn.unlink()
        return file.read_text(encoding="utf-8").strip()

    def _temporary(self, file: Path, text: str) -> Path:
        handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
        with os.fdopen(handle, "w", encoding="utf-8") as temporary:
            temporary.write(text)
            temporary.flush()
            os.fsync(temporary.fileno())
        return Path(name)

    def recall(self) -> dict[str, Any]:
        """What the last start noted: the folder of sockets, the port of Valkey."""
        try:
            noted = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def note(self, **facts: object) -> None:
        """Remember facts for the next start."""
        file = self.path / "run.json"
        self._temporary(file, json.dumps(self.recall() | facts)).replace(file)

    def sockets(self) -> Path:
        """A short private folder for sockets, whose paths must stay under 104 bytes; the same until an orderly stop."""
        known = Path(str(self.recall().get("sockets", "")))
        if known.is_absolute() and known.is_dir() and known.stat().st_uid == self.account.uid:
            return known
        private = os.environ.get("XDG_RUNTIME_DIR", "")
        usable = not self.account.switch and 0 < len(private) < 60 and os.access(private, os.W_OK)
        made = Path(tempfile.mkdtemp(prefix="tactful-", dir=private if usable else "/tmp"))
        self.account.own(made, 0o700)
        self.note(sockets=str(made))
        return made

    def forget_sockets(self) -> None:
        """Remove the folder of sockets, once no server uses it."""
        known = Path(str(self.recall().get("sockets", "")))
        if known.is_absolute():
            shutil.rmtree(known, ignore_errors=True)
            self.note(sockets="")


class Lease:
    """Who uses a data directory. Kernel locks, so that a killed process lets go by dying."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._users: int | None = None

    @contextmanager
    def changing(self, wait: float, say: Say) -> Iterator[None]:
        """Alone while starting or stopping. raises: CannotStart after `wait` seconds."""
        handle = self._open("start.lock")
        try:
            self._await(handle, wait, say)
            yield
        finally:
            os.close(handle)

    def _await(self, handle: int, wait: float, say: Say) -> None:
        begun = time.monotonic()
        told = False
        while not _lock(handle, fcntl.LOCK_EX):
            if time.monotonic() - begun > wait:
                raise CannotStart(f"Another process has been starting or stopping {self._folder.path} for {wait:g} s.")
            if not told and time.monotonic() - begun > 2:
                say("Another process is starting or stopping the servers; waiting for it.")
                told = True
            time.sleep(0.05)

    def join(self) -> None:
        """Become a user; only while changing."""
        if self._users is None:
            self._users = self._open("users.lock")
            _lock(self._users, fcntl.LOCK_SH)

    def alone(self) -> bool:
        """Whether nobody else uses the directory; only while changing and joined."""
        assert self._users is not None
        alone = _lock(self._users, fcntl.LOCK_EX)
        _lock(self._users, fcntl.LOCK_SH)
        return alone

    def leave(self) -> None:
        """Stop being a user."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    def _open(self, name: str) -> int:
        try:
            return os.open(self._folder.path / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise CannotStart(f"{self._folder.path / name} cannot be opened: {error.strerror}.") from error


def _lock(handle: int, how: int) -> bool:
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
