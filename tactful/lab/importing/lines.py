"""Lines of CSV, read row by row: slower than a block at a time, and it survives what is wrong with a row."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

UNCLOSED = "opens a quote that does not close where a field ends"


class Lines(Iterator[str]):
    """The lines of a block, one after the other. at: number of the next one; begun: of the row's first."""

    def __init__(self, block: bytes) -> None:
        # As csv splits them: also at a lone carriage return. What is not UTF-8 stays to be seen.
        self._lines = list(StringIO(block.decode("utf-8", "surrogateescape"), newline=""))
        self.at = 0
        self.begun = 0

    def __next__(self) -> str:
        """The next line."""
        if self.at >= len(self._lines):
            raise StopIteration
        self.at += 1
        return self._lines[self.at - 1]

    def begin(self) -> None:
        """A row begins here."""
        self.begun = self.at

    def set_aside(self) -> str:
        """Give up on the row: its first line is left out, and the next row begins behind that."""
        self.at = self.begun + 1
        return self._lines[self.begun].rstrip("\r\n")


def rows(block: bytes, separator: str) -> Iterator[tuple[Sequence[str], str | None]]:
    """Each row of a block: its fields and None, or its line and why it could not be read.

    A quote counts where a field begins with it; elsewhere it is a character like any other.

    >>> [why for _, why in rows(b'a,5" disk\\nb,"never closed\\nc,d\\n', ",")]
    [None, 'opens a quote that does not close where a field ends', None]
    """
    lines = Lines(block)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        lines.begin()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield [lines.set_aside()], UNCLOSED
        else:
            yield row, None
