"""All tests but those of the house, in two processes at once: what waits for servers most, and everything else.

    python tests/halves.py [ARGUMENT ...]

Arguments go to both. What the second says is told when the first is done. Each has servers of its own.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SERVED = ("api", "cli", "store", "stories")
APART = ("house", "__pycache__")
ALONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "POLARS_MAX_THREADS")


def halves() -> tuple[list[str], list[str]]:
    """The folders of each; a new one is found by itself."""
    folders = sorted(each.name for each in (ROOT / "tests").iterdir() if each.is_dir() and each.name not in APART)
    rest = [f"tests/{name}" for name in folders if name not in SERVED]
    return [f"tests/{name}" for name in SERVED], ["tactful", *rest]


def main(arguments: list[str]) -> int:
    """Run both; 0 where both passed."""
    # The two share the cores: libraries that start a thread for each of them would wait for each other.
    environment = dict.fromkeys(ALONE, "1") | os.environ
    commands = [[sys.executable, "-m", "pytest", *folders, *arguments] for folders in halves()]
    with tempfile.TemporaryFile() as told:
        second = subprocess.Popen(commands[1], cwd=ROOT, stdout=told, stderr=subprocess.STDOUT, env=environment)
        first = subprocess.run(commands[0], cwd=ROOT, check=False, env=environment).returncode
        code = second.wait()
        told.seek(0)
        sys.stdout.write(told.read().decode(errors="replace"))
    return max(first, code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
