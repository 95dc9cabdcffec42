"""The command line: `table` names every command, the other modules are what they run."""

import os
import signal
from collections.abc import Sequence

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Answers the exit status: 0; 1 or 2 with one sentence on standard error; 130 on Ctrl+C."""
    # Until everything is loaded there is nothing to finish, so Ctrl+C ends us at once and without a word.
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    from tactful.cli.table import run

    signal.signal(signal.SIGINT, before)
    return run(arguments)
