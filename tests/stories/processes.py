"""Real processes to be killed: the product's own commands, started as a user would."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path


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
    """Wait for /readyz; start `part` again should it have died while its database was away."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if part.fell():
            part.start()
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"not ready after {seconds} s:\n{part.log.read_text()[-3000:]}")
