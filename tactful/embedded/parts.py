"""The embedded servers as one thing: who comes first starts them, who leaves last stops them."""

import atexit
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from tactful.embedded.folder import Folder, Lease, Say, data_dir
from tactful.embedded.postgres import PostgresServer
from tactful.embedded.programs import own_postgres, own_valkey
from tactful.embedded.settings import START_WAIT, STOP_WAIT
from tactful.embedded.valkey import ValkeyServer
from tactful.kernel.errors import Conflict, TactfulError
from tactful.kernel.settings import Settings

log = logging.getLogger(__name__)

# Every how many seconds a user looks whether the servers still live; less often while they cannot be started.
LOOK_EVERY = 0.5
LOOK_AT_LEAST_EVERY = 30.0


class Server(Protocol):
    """What the two servers have in common."""

    def start(self, say: Say = ...) -> None:
        """Start or join."""
        ...

    def stop(self) -> None:
        """Stop, if running."""
        ...

    def running(self) -> object | None:
        """The process, if running."""
        ...


class Parts:
    """The embedded servers in use by this process. Get them from `running` or `start`."""

    def __init__(self, settings: Settings, *, postgres: bool, valkey: bool, say: Say) -> None:
        self.folder = Folder(data_dir(settings))
        self.postgres = PostgresServer(self.folder, own_postgres(self.folder), settings)
        self.valkey = ValkeyServer(self.folder, own_valkey(self.folder), settings)
        self._wanted: list[Server] = [*([self.postgres] if postgres else []), *([self.valkey] if valkey else [])]
        self._settings = settings
        self._say = say
        self._lease = Lease(self.folder)
        self._leaving = threading.Event()
        self._watch = threading.Thread(target=self._look, name="watch embedded servers", daemon=True)

    @property
    def database_url(self) -> str:
        """PostgreSQL as the owner of the database `tactful`."""
        return self.postgres.url()

    @property
    def redis_url(self) -> str:
        """Valkey, database 0."""
        return self.valkey.url()

    def start(self) -> None:
        """Start or join what is wanted. raises: CannotStart; then nothing of ours is left running."""
        with self._lease.changing(self._settings[START_WAIT], self._say):
            self._lease.join()
            try:
                for server in self._wanted:
                    server.start(self._say)
            except BaseException:
                self._leave()
                raise
        self._watch.start()
        atexit.register(self.stop)

    def stop(self) -> None:
        """Leave; the last user stops the servers. Calling it twice is fine."""
        if self._leaving.is_set():
            return
        self._leaving.set()
        self._watch.join()
        atexit.unregister(self.stop)
        wait = self._settings[STOP_WAIT] + self._settings[START_WAIT]
        with self._lease.changing(wait, self._say):
            self._leave()

    def revive(self) -> None:
        """Start again, at the same address, what has died. raises: CannotStart."""
        if all(server.running() for server in self._wanted):
            return
        with self._lease.changing(self._settings[START_WAIT], self._say):
            for server in self._wanted:
                if not server.running():
                    self._say("A server has died; starting it again.")
                    server.start(self._say)

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Nobody else may use the servers meanwhile. raises: Conflict when somebody does."""
        with self._lease.changing(self._settings[START_WAIT], self._say):
            if not self._lease.alone():
                raise Conflict(f"Tactful is running on {self.folder.path}; stop it first.")
            yield

    def clear(self) -> bool:
        """Stop what a killed process left running. False when somebody uses the servers."""
        with self._lease.changing(self._settings[START_WAIT], self._say):
            self._lease.join()
            alone = self._lease.alone()
            self._leave()
        return alone

    def _leave(self) -> None:
        if self._lease.alone():
            self.valkey.stop()
            self.postgres.stop()
            self.folder.forget_sockets()
        self._lease.leave()

    def _look(self) -> None:
        pause = LOOK_EVERY
        while not self._leaving.wait(pause):
            try:
                self.revive()
                pause = LOOK_EVERY
            except TactfulError as error:
                self._say(error.detail)
                pause = min(2 * pause, LOOK_AT_LEAST_EVERY)


def start(settings: Settings, *, postgres: bool = True, valkey: bool = True, say: Say = log.info) -> Parts:
    """The embedded servers, started or joined; call `stop` when done. raises: CannotStart.

    While this process uses them, a server that dies is started again.
    """
    parts = Parts(settings, postgres=postgres, valkey=valkey, say=say)
    parts.start()
    return parts


def stop_unused(settings: Settings, *, say: Say = log.info) -> bool:
    """Stop servers that a killed process left running. False when somebody uses them: then they stay."""
    return Parts(settings, postgres=False, valkey=False, say=say).clear()


@contextmanager
def running(settings: Settings, *, postgres: bool = True, valkey: bool = True, say: Say = log.info) -> Iterator[Parts]:
    """The embedded servers for the length of a block. raises: CannotStart."""
    parts = start(settings, postgres=postgres, valkey=valkey, say=say)
    try:
        yield parts
    finally:
        parts.stop()
