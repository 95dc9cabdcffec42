"""One Valkey server over one data folder: started, joined, stopped.

It hears on the loopback alone and asks for a password. Its append-only file is flushed once a
second: what lies in it are hints, caches and counters, the facts are in PostgreSQL.
Start and stop it only while the folder's lease is held for changing.
"""

import logging
import signal
import socket
import time
from pathlib import Path

import redis

from tactful.embedded import process
from tactful.embedded.folder import Folder, Say
from tactful.embedded.settings import START_WAIT, STOP_WAIT, VALKEY_MEMORY
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings

HOST = "127.0.0.1"
TAKEN = "Address already in use"
# A killed server's port stays taken for the moment in which the kernel clears up after it [seconds].
PORT_WAIT = 1.0

log = logging.getLogger(__name__)


class ValkeyServer:
    """The Valkey of one data folder."""

    def __init__(self, folder: Folder, program: Path, settings: Settings) -> None:
        self.folder = folder
        self.program = program
        self.data = folder.valkey
        self._settings = settings
        self._port = 0
        self._log = folder.logs / "valkey.log"

    def url(self) -> str:
        """How to connect; known once the server was started or joined."""
        return f"redis://:{self.folder.secret('valkey')}@{HOST}:{self._port}/0"

    def running(self) -> int | None:
        """The server process of this data folder, ready or not, whoever started it."""
        try:
            pid = int((self.data / "valkey.pid").read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None
        return pid if process.serves(pid, name="valkey", folder=self.data) else None

    def start(self, say: Say = log.info) -> None:
        """Start the server, or join the one that runs. raises: CannotStart saying why and what to do."""
        self.data.mkdir(exist_ok=True)
        self.folder.account.own(self.data, 0o700)
        found = self.running()
        if found:
            say(f"Joining the Valkey that already runs (process {found}).")
            self._port = int(self.folder.recall().get("valkey_port", 0))
        self._await_ready(found or self._launch(), say)

    def stop(self) -> None:
        """Stop the server, whoever started it; nothing happens when it does not run."""
        found = self.running()
        if found:
            process.stop(found, (signal.SIGTERM,), wait=self._settings[STOP_WAIT])

    def _launch(self) -> int:
        # The port of the last time, so that clients which are still there find the server again.
        self._port = _free(int(self.folder.recall().get("valkey_port", 0)))
        self.folder.note(valkey_port=self._port)
        (self.data / "valkey.pid").unlink(missing_ok=True)
        file = self.data / "valkey.conf"
        file.write_text(self._configuration(), encoding="utf-8")
        self.folder.account.own(file, 0o600)
        return process.spawn([self.program, file], account=self.folder.account, log=self._log)

    def _configuration(self) -> str:
        return "\n".join(
            (
                f"bind {HOST}",
                f"port {self._port}",
                f"requirepass {self.folder.secret('valkey')}",
                f"dir {_quoted(self.data)}",
                f"pidfile {_quoted(self.data / 'valkey.pid')}",
                "daemonize no",
                'logfile ""',
                "appendonly yes",
                "appendfsync everysec",
                'save ""',
                f"maxmemory {self._settings[VALKEY_MEMORY]}mb",
                "maxmemory-policy volatile-ttl",
                "",
            )
        )

    def _await_ready(self, pid: int, say: Say) -> None:
        begun = told = time.monotonic()
        while not self._answers():
            waited = time.monotonic() - begun
            if waited > self._settings[START_WAIT]:
                raise CannotStart(f"Valkey was not ready after {waited:.0f} s; see {self._log}.")
            if not process.lives(pid):
                pid = self._launch_again()
            if time.monotonic() - told > 10:
                told = time.monotonic()
                say(f"Valkey is reading its data; {waited:.0f} s so far.")
            time.sleep(0.02)

    def _launch_again(self) -> int:
        told = process.tail(self._log)
        if TAKEN not in told:
            raise CannotStart(f"Valkey ended while starting. Its last words:\n{told}")
        return self._launch()

    def _answers(self) -> bool:
        with redis.Redis.from_url(self.url(), socket_timeout=5, socket_connect_timeout=5) as client:
            try:
                return bool(client.ping())
            except redis.AuthenticationError as error:
                raise CannotStart(
                    f"Another program answers at {HOST}:{self._port}, or the password is lost."
                ) from error
            except (redis.ConnectionError, redis.TimeoutError):
                # Nobody there yet, or it is still loading (BusyLoadingError is a ConnectionError).
                return False


def _free(wanted: int) -> int:
    """`wanted` if that port is free or becomes free soon, else one that is."""
    until = time.monotonic() + PORT_WAIT
    while wanted and time.monotonic() < until:
        if _bound(wanted):
            return wanted
        time.sleep(0.05)
    found = _bound(0)
    if found is None:
        raise CannotStart("No port of the loopback is free for Valkey.")
    return found


def _bound(port: int) -> int | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return None
        return int(probe.getsockname()[1])


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
