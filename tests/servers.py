"""Runs a command against the system's own PostgreSQL and Redis or Valkey, where they are installed.

    python tests/servers.py COMMAND ARGUMENT...

Starts fresh servers in a folder of their own, reachable only through it, sets DATABASE_URL and
REDIS_URL, runs the command and answers with its exit status. Says so and answers 0 where there are none.
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

OLDEST = 15
PATIENCE = 30  # seconds
DEBIAN = Path("/usr/lib/postgresql")


def postgres_programs() -> Path | None:
    """The folder of the newest PostgreSQL that Debian's packages installed, if it is new enough."""
    found = [int(path.parent.name) for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    newest = max(found, default=0)
    return DEBIAN / str(newest) / "bin" if newest >= OLDEST else None


def redis_program() -> str | None:
    """The system's Valkey or Redis server."""
    return shutil.which("valkey-server") or shutil.which("redis-server")


def account() -> str | None:
    """Whom the servers run as: root steps down, others stay themselves."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


@contextmanager
def serving(command: list[str], ready: list[str], user: str | None) -> Iterator[None]:
    """A server, from its first answer until the block ends."""
    server = subprocess.Popen(command, user=user, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        give_up = time.monotonic() + PATIENCE
        while subprocess.run(ready, capture_output=True, check=False).returncode != 0:
            if time.monotonic() > give_up or server.poll() is not None:
                raise SystemExit(f"{command[0]} does not start.")
            time.sleep(0.05)
        yield
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def postgres(programs: Path, folder: Path, user: str | None) -> Iterator[str]:
    """A fresh PostgreSQL; its connection string."""
    data = str(folder / "data")
    make = [str(programs / "initdb"), "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "-N"]
    subprocess.run(make, user=user, cwd=folder, stdout=subprocess.DEVNULL, check=True)
    run = [str(programs / "postgres"), "-D", data, "-k", str(folder), "-c", "listen_addresses=", "-c", "fsync=off"]
    ready = [str(programs / "pg_isready"), "-q", "-h", str(folder)]
    with serving(run, ready, user):
        yield f"host={folder} user=postgres dbname=postgres"


@contextmanager
def redis(program: str, folder: Path, user: str | None) -> Iterator[str]:
    """A fresh Redis or Valkey; its address."""
    socket = folder / "redis.sock"
    run = [program, "--port", "0", "--unixsocket", str(socket), "--dir", str(folder), "--save", ""]
    with serving(run, ["test", "-S", str(socket)], user):
        yield f"unix://{socket}"


def main(command: list[str]) -> int:
    """Run `command` with the servers that there are."""
    programs, program, user = postgres_programs(), redis_program(), account()
    if programs is None:
        print(f"No PostgreSQL {OLDEST} or newer in {DEBIAN}: the store tests ran on the embedded one only.")  # noqa: T201
        return 0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="tactful-system-", dir="/tmp")))
        if user is not None:
            shutil.chown(folder, user)
        environ = os.environ | {"DATABASE_URL": stack.enter_context(postgres(programs, folder, user))}
        if program is None:
            print("No Valkey or Redis on this system: the embedded one serves with the system's PostgreSQL.")  # noqa: T201
        else:
            environ["REDIS_URL"] = stack.enter_context(redis(program, folder, user))
        print(f"Store tests on {programs.parent} and {program or 'the embedded Valkey'}:", flush=True)  # noqa: T201
        return subprocess.run(command, env=environ, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
