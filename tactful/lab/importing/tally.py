"""What became of the rows of a file, told while it is read and afterwards."""

import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, cast

import polars as pl

# Where nobody watches a bar, a line this often tells that it goes on [seconds].
TELL_EVERY = 5.0
BAR = 30


@dataclass(slots=True)
class Tally:
    """What became of the rows of a file. rows = accepted + duplicates + rejected, less what an earlier run settled.

    earliest, latest: of the events that were read, known ones included. counted_otherwise: whether rows of
    this file were known since an earlier import with other options had counted them.
    """

    rows: int = 0
    accepted: int = 0
    duplicates: int = 0
    rejected: int = 0
    resumed_after: int = 0
    seconds: float = 0.0
    rejected_file: str | None = None
    interrupted: bool = False
    earliest: datetime | None = None
    latest: datetime | None = None
    counted_otherwise: bool = False

    @property
    def settled(self) -> int:
        """Rows of the file that need not be read again, those of earlier runs included."""
        return self.resumed_after + self.rows

    def cover(self, times: pl.Series) -> None:
        """Events at these times were read."""
        if not times.is_empty():
            first, last = cast(datetime, times.min()), cast(datetime, times.max())
            self.earliest = min(self.earliest or first, first)
            self.latest = max(self.latest or last, last)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        times = {"earliest": self.earliest, "latest": self.latest}
        return asdict(self) | {name: at and at.isoformat() for name, at in times.items()}


def words(tally: Tally) -> Iterator[str]:
    """A tally in sentences."""
    if tally.resumed_after and not tally.rows:
        yield f"All {tally.resumed_after:,} rows were read before; nothing has changed."
    else:
        if tally.resumed_after:
            yield f"Went on after row {tally.resumed_after:,}, where the run before had stopped."
        known = f", {tally.duplicates:,} were known already" if tally.duplicates else ""
        yield f"Read {tally.rows:,} rows in {tally.seconds:.1f} s: {tally.accepted:,} events are new{known}."
        if tally.earliest and tally.latest:
            yield f"They are from {tally.earliest:%Y-%m-%d} to {tally.latest:%Y-%m-%d}."
        if tally.counted_otherwise:
            yield (
                "This file was imported before with other options. The rows that were known stand as they were "
                "counted then; the options of this run did not change them."
            )
    if tally.rejected:
        where = tally.rejected_file
        stands = f"Each stands with its reason in {where}." if where else "The file of reasons is no longer there."
        yield f"NOT taken: {tally.rejected:,} rows. {stands}"


@dataclass(slots=True)
class Progress:
    """Tells on standard error how far an import is: a bar where somebody watches, else a line now and then."""

    started: float = field(default_factory=time.perf_counter)
    told: float = field(default_factory=time.perf_counter)

    def show(self, share: float, tally: Tally) -> None:
        """share: how much of the file is read (0..1)."""
        now = time.perf_counter()
        figures = f"{share:4.0%}  {tally.settled:,} rows, {tally.rows / max(now - self.started, 1e-9):,.0f}/s"
        if sys.stderr.isatty():
            filled = round(share * BAR)
            end = "\n" if share >= 1 else ""
            print(f"\r[{'#' * filled}{'.' * (BAR - filled)}] {figures}", end=end, file=sys.stderr, flush=True)
        elif now - self.told >= TELL_EVERY:
            self.told = now
            print(figures.strip(), file=sys.stderr, flush=True)
