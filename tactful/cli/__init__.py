"""The command line: `table` names every command, the other modules are what they run."""

import signal
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Answers the exit status: 0; 1 or 2 with one sentence on standard error; 130 on Ctrl+C."""
    # Until everything is loaded there is nothing to finish, so Ctrl+C ends us at once and without a word.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    from tactful.cli.table import run

    signal.signal(signal.SIGINT, before)
    return run(arguments)
