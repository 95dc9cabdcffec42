"""The file of rows that were not taken, one for each import."""

import csv
from collections.abc import Iterable
from pathlib import Path

from tactful.kernel.errors import BadInput
from tactful.lab.importing.files import Rejected


class Rejects:
    """The file of rows that were not taken: row, reason, and what stood there.

    Nothing is touched before the first `add`: an import that is refused leaves alone what others wrote.
    """

    def __init__(self, path: Path, *, keep: int) -> None:
        self.path = path
        self._keep: int | None = keep

    def add(self, rejected: Iterable[Rejected]) -> None:
        """Append rows. raises: BadInput where the file cannot be written."""
        try:
            if self._keep is not None:
                self._begin(self._keep)
                self._keep = None
            self._write([[str(one.number), one.reason, one.text] for one in rejected])
        except OSError as error:
            raise BadInput(f"{self.path} cannot be written: {error.strerror}.", fields=["file"]) from None

    def _begin(self, keep: int) -> None:
        # What a run wrote down of a chunk that it did not finish is written again.
        kept = self._rows(upto=keep)
        self.path.unlink(missing_ok=True)
        self._write(kept)

    def _rows(self, *, upto: int) -> list[list[str]]:
        if not self.path.exists():
            return []
        with self.path.open(newline="", encoding="utf-8") as file:
            return [row for row in csv.reader(file) if row and row[0].isdecimal() and int(row[0]) <= upto]

    def _write(self, rows: list[list[str]]) -> None:
        if not rows:
            return
        new = not self.path.exists()
        with self.path.open("a", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["row", "reason", "content"])
            writer.writerows(rows)
