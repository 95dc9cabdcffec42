"""What became of the rows of a file, told while it is read and afterwards."""

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

# Where nobody watches a bar, a line this often tells that it goes on [seconds].
TELL_EVERY = 5.0
BAR = 30


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file. rows = accepted + duplicates + rejected, less what an earlier run settled."""

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    resumed_after: int = 0
    seconds: float = 0.0
    rejected_file: str | None = None
    interrupted: bool = False

    @property
    def settled(self) -> int:
        """Rows of the file that need not be read again, those of earlier runs included."""
        return self.resumed_after + self.rows


def words(tally: Tally) -> Iterator[str]:
    """A tally in sentences."""
    if tally.resumed_after and not tally.rows:
        yield f"All {tally.resumed_after:,} rows were read before; nothing has changed."
    else:
        if tally.resumed_after:
            yield f"Went on after row {tally.resumed_after:,}, where the run before had stopped."
        known = f", {tally.duplicates:,} were known already" if tally.duplicates else ""
        yield f"Read {tally.rows:,} rows in {tally.seconds:.1f} s: {tally.accepted:,} events are new{known}."
    if tally.rejected:
        yield f"NOT taken: {tally.rejected:,} rows. Each stands with its reason in {tally.rejected_file}."


@dataclass(slots=True)
class Progress:
    """Tells on standard error how far an import is: a bar where somebody watches, else a line now and then."""

    started: float = field(default_factory=time.perf_counter)
    told: float = field(default_factory=time.perf_counter)

    def show(self, share: float, tally: Tally) -> None:
        """share: how much of the file is read (0..1)."""
        now = time.perf_counter()
        figures = f"{share:4.0%}  {tally.rows:,} rows, {tally.rows / max(now - self.started, 1e-9):,.0f}/s"
        if sys.stderr.isatty():
            filled = round(share * BAR)
            end = "\n" if share >= 1 else ""
            print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {figures}", end=end, file=sys.stderr, flush=True)
        elif now - self.told >= TELL_EVERY:
            self.told = now
            print(figures.strip(), file=sys.stderr, flush=True)
