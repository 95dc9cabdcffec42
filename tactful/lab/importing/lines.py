"""Lines of CSV, read row by row: slower than a block at a time, and it survives what is wrong with a row."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO

# No field is too long to be read; what it is used for says how long it may be.
csv.field_size_limit(2**31 - 1)

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


def unquoted(block: bytes, separator: str) -> bytes | None:
    """What of a block stands outside quotes; None where a quote or a line end is not where CSV has them.

    >>> unquoted(b'"a,b",c', ","), unquoted(b'5" disk,6" disk', ",")
    (b',c', None)
    """
    # A carriage return alone ends a line for some readers and is a letter for others.
    if block.count(b"\r") != block.count(b"\r\n"):
        return None
    if b'"' not in block:
        return block
    parts = block.split(b'"')
    outside, edges = parts[::2], (separator.encode(), b"\n", b"\r")
    if len(parts) % 2 == 0 or not _between(outside, edges):
        return None
    return b"".join(outside)


def _between(outside: Sequence[bytes], edges: tuple[bytes, ...]) -> bool:
    """Whether every stretch outside quotes begins behind a field and ends in front of one."""
    # Nothing between two quotes: that is one quote, in a field.
    begins = all(not part or part.startswith(edges) for part in outside[1:])
    return begins and all(not part or part.endswith(edges) for part in outside[:-1])
