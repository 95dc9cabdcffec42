"""All tests but those of the house, in a few processes at once: many of them wait, for servers and for browsers.

    python tests/together.py [ARGUMENT ...]

Arguments go to all of them. Each has servers of its own; what each says is told when it is done.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent
PYTEST = (sys.executable, "-m", "pytest")
# Whatever is in no other part, with the examples of the product's own docstrings, is one more.
PARTS = (("api", "cli"), ("uses", "lab"), ("stories", "worker"), ("browser",))
# On several servers, one after the other.
SERVED = "store"
APART = ("house", SERVED, "__pycache__")
# Libraries that start a thread for each core would wait for each other.
ALONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")
# A part that fails says so in a while at the latest [s].
LOOK = 0.5


def commands(arguments: list[str]) -> Iterator[list[str]]:
    """One for each process; a new folder of tests is found by itself."""
    named = {name for part in PARTS for name in part}
    folders = sorted(each.name for each in (ROOT / "tests").iterdir() if each.is_dir() and each.name not in APART)
    for part in PARTS:
        yield [*PYTEST, *(f"tests/{name}" for name in part), *arguments]
    yield [*PYTEST, "tactful", *(f"tests/{name}" for name in folders if name not in named), *arguments]
    yield [sys.executable, "tests/servers.py", *PYTEST, f"tests/{SERVED}", *arguments]


def main(arguments: list[str]) -> int:
    """Run all; 0 where all passed."""
    environment = dict.fromkeys(ALONE, "1") | os.environ
    begun, code = time.monotonic(), 0
    with tempfile.TemporaryDirectory() as folder:
        left: list[tuple[subprocess.Popen[bytes], IO[bytes]]] = []
        for number, command in enumerate(commands(arguments)):
            told = (Path(folder) / str(number)).open("w+b")
            left.append((subprocess.Popen(command, cwd=ROOT, stdout=told, stderr=told, env=environment), told))
        while left:
            time.sleep(LOOK)
            for each in [each for each in left if each[0].poll() is not None]:
                left.remove(each)
                code = max(code, abs(each[0].returncode))
                _tell(*each, minutes=(time.monotonic() - begun) / 60, left=len(left))
    return code


def _tell(process: subprocess.Popen[bytes], told: IO[bytes], *, minutes: float, left: int) -> None:
    told.seek(0)
    said = told.read().decode(errors="replace")
    told.close()
    ended = "passed" if process.returncode == 0 else f"ended with {process.returncode}"
    sys.stdout.write(f"{said}\n== {ended} after {minutes:.1f} min; {left} still at it\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
