"""Server processes: started apart from us, recognised again, stopped in order."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from tactful.embedded.account import Account


def spawn(command: Sequence[str | Path], *, account: Account, log: Path) -> int:
    """Start a server in a session of its own, its output into `log`; its process id.

    The log of the time before is kept beside it. A thread waits for the process, so that a server
    which dies is gone and not a zombie.
    """
    if log.exists():
        log.replace(log.with_suffix(".before.log"))
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=handle,
            start_new_session=True,
            **account.popen(),
        )
    finally:
        os.close(handle)
    threading.Thread(target=process.wait, name=f"wait for {process.pid}", daemon=True).start()
    return process.pid


def serves(pid: int, *, name: str, folder: Path) -> bool:
    """Whether process `pid` lives, is called `name...` and works in `folder`.

    A pid file alone proves nothing: after a crash its number may belong to another program.
    """
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE or not process.name().startswith(name):
            return False
        return Path(process.cwd()) == folder.resolve()
    except (psutil.Error, ValueError, OSError):
        # Not there, or somebody else's: ours we may always look at.
        return False


def lives(pid: int) -> bool:
    """Whether there is such a process, and not only its remains."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def stop(pid: int, asked: Sequence[signal.Signals], *, wait: float) -> None:
    """Ask with each signal in turn, giving `wait` seconds to each; a server that is frozen is killed in the end."""
    for number in (*asked, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if _gone(pid, wait):
            return


def _gone(pid: int, wait: float) -> bool:
    until = time.monotonic() + wait
    while time.monotonic() < until:
        if not lives(pid):
            return True
        time.sleep(0.02)
    return False


def tail(log: Path, lines: int = 12) -> str:
    """The last lines of a log, for a message about a failure."""
    try:
        return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
