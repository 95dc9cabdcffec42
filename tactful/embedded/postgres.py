"""One PostgreSQL server over one data folder: started, joined, stopped.

Start and stop it only while the folder's lease is held for changing.
"""

import logging
import os
import re
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from tactful.embedded import process
from tactful.embedded.cluster import OWNER, prepare
from tactful.embedded.folder import Folder, Say
from tactful.embedded.programs import PostgresPrograms
from tactful.embedded.settings import POSTGRES_OPTIONS, START_WAIT, STOP_WAIT
from tactful.embedded.tuning import options
from tactful.kernel.errors import CannotStart
from tactful.kernel.settings import Settings

DATABASE = "tactful"
PORT = 5432
# Processes of a killed postmaster need a moment to notice; until then the memory they share is in use.
LEFTOVER = "pre-existing shared memory block"
# How long one look at a server may take that does not answer at all [seconds].
PING_WAIT = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A running server, as its own pid file tells; the folder of sockets is missing while it begins."""

    pid: int
    port: int
    sockets: Path | None


class PostgresServer:
    """The PostgreSQL of one data folder, by default that of `folder`."""

    def __init__(
        self,
        folder: Folder,
        programs: PostgresPrograms,
        settings: Settings,
        *,
        data: Path | None = None,
        port: int = PORT,
    ) -> None:
        self.folder = folder
        self.programs = programs
        self.data = data or folder.postgres
        self._settings = settings
        self._port = port
        self._sockets = Path()
        self._log = folder.logs / f"{self.data.name}-start.log"

    def url(self, user: str = OWNER, password: str | None = None, database: str = DATABASE) -> str:
        """How to connect as `user`, by default as the owner; known once the server was started or joined."""
        secret = self.folder.secret("postgres") if password is None else password
        where = urlencode({"host": str(self._sockets), "port": self._port})
        return f"postgresql://{quote(user, safe='')}:{quote(secret, safe='')}@/{quote(database, safe='')}?{where}"

    def running(self) -> Postmaster | None:
        """The server process of this data folder, ready or not, whoever started it."""
        try:
            lines = (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            pid, *_ = (int(line) for line in lines[:1])
        except (FileNotFoundError, ValueError):
            return None
        if not process.serves(pid, name="postgres", folder=self.data):
            return None
        complete = len(lines) > 4 and lines[4]
        return Postmaster(pid, int(lines[3]), Path(lines[4])) if complete else Postmaster(pid, self._port, None)

    def start(self, say: Say = log.info) -> None:
        """Start the server, or join the one that runs. raises: CannotStart saying why and what to do."""
        prepare(self.folder, self.programs, self.data, say)
        found = self.running()
        if found:
            say(f"Joining the PostgreSQL that already runs (process {found.pid}).")
        self._await_ready(found.pid if found else self._launch(), say)
        self._ensure_database()

    def stop(self) -> None:
        """Stop the server, whoever started it; nothing happens when it does not run."""
        found = self.running()
        if found:
            process.stop(found.pid, (signal.SIGINT, signal.SIGQUIT), wait=self._settings[STOP_WAIT])

    def _launch(self) -> int:
        sockets = self.folder.sockets()
        for left in sockets.glob(f".s.PGSQL.{self._port}*"):
            left.unlink()
        self._disown()
        place = ["-D", str(self.data), "-k", str(sockets), "-p", str(self._port)]
        tuned = [word for name, value in options(self._settings).items() for word in ("-c", f"{name}={value}")]
        return process.spawn([self.programs["postgres"], *place, *tuned], account=self.folder.account, log=self._log)

    def _disown(self) -> None:
        """Make a stale pid file harmless when its number now belongs to another program.

        PostgreSQL takes its parent's number for stale too. Writing ours there, rather than removing
        the file, keeps its check that no process of the dead server still holds the shared memory.
        """
        file = self.data / "postmaster.pid"
        if file.exists():
            _, newline, rest = file.read_text(encoding="utf-8").partition("\n")
            file.write_text(f"{os.getpid()}{newline}{rest}", encoding="utf-8")

    def _await_ready(self, pid: int, say: Say) -> None:
        begun = told = time.monotonic()
        while not self._answers():
            waited = time.monotonic() - begun
            if waited > self._settings[START_WAIT]:
                raise CannotStart(
                    f"PostgreSQL was not ready after {waited:.0f} s; see {self.folder.logs}. "
                    "If it is recovering after a crash, raise embedded.start_wait."
                )
            if not process.lives(pid):
                found = self.running()
                pid = found.pid if found else self._launch_again()
            if time.monotonic() - told > 10:
                told = time.monotonic()
                say(f"PostgreSQL is getting ready; after a crash this can take minutes. {waited:.0f} s so far.")
            time.sleep(0.02)

    def _launch_again(self) -> int:
        if LEFTOVER not in process.tail(self._log):
            newest = sorted(self.folder.logs.glob("postgres-???.log"), key=lambda file: file.stat().st_mtime)[-1:]
            told = "\n".join(process.tail(file) for file in (*newest, self._log))
            refused = re.findall(r"FATAL: +(.*)", process.tail(self._log))
            if refused and self._settings[POSTGRES_OPTIONS]:
                said = refused[-1].rstrip(".")
                raise CannotStart(f"PostgreSQL does not start with what embedded.postgres_options says: {said}.")
            raise CannotStart(f"PostgreSQL ended while starting. Its last words:\n{told}")
        time.sleep(0.2)
        return self._launch()

    def _answers(self) -> bool:
        found = self.running()
        if found is None or found.sockets is None:
            return False
        self._port, self._sockets = found.port, found.sockets
        asked = make_conninfo(
            host=str(found.sockets), port=found.port, dbname="postgres", user=OWNER, connect_timeout=PING_WAIT
        )
        return pq.PGconn.ping(asked.encode()) == pq.Ping.OK

    def _ensure_database(self) -> None:
        try:
            with psycopg.connect(self.url(database="postgres"), autocommit=True) as connection:
                known = connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).rowcount
                if not known:
                    connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        except psycopg.OperationalError as error:
            raise CannotStart(f"The PostgreSQL in {self.data} does not let us in: {error}") from error
