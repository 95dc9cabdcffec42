"""The product's own server in a process of its own, on a database of its own, for as long as a benchmark lasts."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import jwt

from tactful.bootstrap import place, read_settings
from tactful.kernel import ids
from tactful.kernel.clock import SystemClock
from tactful.kernel.errors import CannotStart
from tactful.lab.bench.scratch import scratch
from tactful.store.database import Database

# Longest a server may take to come up; seconds.
PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A server that is up. bare: the address that checks like presence and stores nothing."""

    port: int
    secret: str
    database: Database
    pid: int
    bare: str = "/bench/bare"

    def token(self, sub: str, *, scope: str = "person", org: str = "bench") -> str:
        """A token that is good for an hour."""
        until = SystemClock().now() + timedelta(hours=1)
        claims = {"sub": sub, "org": org, "scope": scope, "aud": "tactful", "exp": int(until.timestamp())}
        return jwt.encode(claims, self.secret, algorithm="HS256")


@contextmanager
def serving(more: Mapping[str, str] | None = None) -> Iterator[Served]:
    """`tactful api` with the bare address, without limits worth speaking of. more: environment. raises: CannotStart."""
    secret, port = ids.token(32), free_port()
    with scratch() as database, place(read_settings()) as where:
        environ = {
            "DATABASE_URL": database.owner_url,
            "REDIS_URL": where.redis_url,
            "TACTFUL_STORE_ROLE_SECRET": where.role_secret,
            "JWT_SECRET": secret,
            "TACTFUL_API_BENCH": "true",
            "TACTFUL_API_LOG_LEVEL": "warning",
            "TACTFUL_API_PERSON_PER_MINUTE": "100000000",
            "TACTFUL_API_ORGANISATION_PER_MINUTE": "100000000",
        }
        environ |= more or {}
        command = [sys.executable, "-m", "tactful", "api", "--port", str(port)]
        with subprocess.Popen(command, env=os.environ | environ) as process:
            try:
                awaited(lambda: _ready(port), lambda: process.poll() is None)
                yield Served(port, secret, database, process.pid)
            finally:
                process.send_signal(signal.SIGTERM)


def free_port() -> int:
    """A port of the loopback address that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def awaited(question: Callable[[], bool], alive: Callable[[], bool]) -> None:
    """Wait until a process that was started answers. raises: CannotStart."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and alive():
        if question():
            return
        time.sleep(0.1)
    raise CannotStart("The server under measurement did not come up; its last words are above.")


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
