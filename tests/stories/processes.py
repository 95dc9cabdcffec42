"""Real processes to be killed: the product's own commands, started as a user would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

TICKED = "SELECT FROM ticks WHERE scope IN ('due', 'daily') AND started_at > %s AND finished_at IS NOT NULL LIMIT 1"


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Part:
    """One `tactful` command as a process."""

    arguments: list[str]
    environ: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes]" = field(init=False)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tactful", *self.arguments],
                env=os.environ | self.environ,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def fell(self) -> bool:
        return self.process.poll() is not None


def wait_until_ready(address: str, part: Part, *, seconds: float = 120) -> None:
    """Wait for /readyz; nobody starts `part` again."""

    def ready() -> bool:
        assert not part.fell(), f"it ended:\n{part.log.read_text()[-3000:]}"
        return _get(f"{address}/readyz") is not None

    _until(ready, part.log, seconds)


def wait_until_ticked(database_url: str, *, since: datetime, log: Path, seconds: float = 120) -> None:
    """Wait for a tick that began after `since` and has finished, whether or not the next one goes on."""

    def ticked() -> bool:
        with suppress(psycopg.OperationalError), psycopg.connect(database_url) as connection:
            return connection.execute(TICKED, (since,)).fetchone() is not None
        return False

    _until(ticked, log, seconds)


def _until(question: Callable[[], bool], log: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end, f"not within {seconds} s:\n{log.read_text()[-3000:]}"
        time.sleep(0.2)


def _get(url: str) -> dict[str, Any] | None:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return dict(json.load(answer)) if answer.status == 200 else None
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return None
