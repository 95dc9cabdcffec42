"""Reading logs in chunks: CSV, JSON lines (both also gzipped) and Parquet, broken rows set aside.

A chunk is a frame of the file's rows as they are, with `number` (of the row in the file, from 1)
in front, and the rows that could not be read at all, each with the reason.
"""

import csv
import gzip
import json
import re
import zlib
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

import polars as pl
from pyarrow import ArrowException
from pyarrow.parquet import ParquetFile

from tactful.kernel.errors import BadInput
from tactful.lab.importing.lines import rows as rows_of
from tactful.lab.importing.lines import unquoted
from tactful.lab.importing.values import columns, of_bytes

# What is counted in one go. The more of somebody's history comes at once, the less there is to merge;
# and the more is read again when an import dies in the middle of it.
CHUNK_MIB = 48
CHUNK_BYTES = CHUNK_MIB << 20
CHUNK_ROWS = 500_000
# How the fields of a row are told apart.
SEPARATORS = {"csv": ",", "tsv": "\t"}
# What becomes of reading a file that is broken, or that is something else than its name says.
UNREADABLE = (OSError, EOFError, zlib.error, csv.Error, ArrowException, pl.exceptions.PolarsError)
# How far behind a chunk the end of a quoted field is looked for.
MOST_QUOTED = 1 << 20

# Half a character, as JSON escapes it.
HALF = re.compile(r"\\u[dD][89a-fA-F]")

# No column of a file is called that: a name has no NUL.
NUMBER = "\0number"


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken. text: what stood there."""

    number: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of a file. end: number of its last row; share: how much of the file is read (0..1).

    typed: whether values have types of their own; in CSV everything is text.
    """

    rows: pl.DataFrame
    broken: list[Rejected]
    end: int
    share: float
    typed: bool


def chunks(path: Path, size: int) -> Iterator[Chunk]:
    """All rows of a file, in order, about `size` bytes at a time. raises: BadInput for a file that is none of these."""
    kind = _kind(path)
    with _readable(path):
        if kind == "parquet":
            yield from _parquet(path)
        elif kind in SEPARATORS:
            yield from _csv(path, SEPARATORS[kind], size)
        else:
            yield from _json(path, size)


def header(path: Path) -> list[str] | None:
    """The columns of a file; None where each row names its own. raises: BadInput for a file that is none of these."""
    kind = _kind(path)
    with _readable(path):
        if kind == "parquet":
            with ParquetFile(path) as file:
                return list(file.schema_arrow.names)
        with _open(path) as text:
            line = text.readline()
        if kind in SEPARATORS:
            return _header(path, line, SEPARATORS[kind])
        _first(path, line)
        return None


def _kind(path: Path) -> str:
    kind = path.name.lower().removesuffix(".gz").rpartition(".")[2]
    if kind not in ("parquet", *SEPARATORS, "jsonl", "ndjson", "json"):
        raise BadInput(f"{path} must end in .csv, .tsv, .jsonl or .parquet (.gz too).", fields=["file"])
    return kind


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except UNREADABLE as error:
        raise BadInput(f"{path} cannot be read: {error}", fields=["file"]) from None


def _parquet(path: Path) -> Iterator[Chunk]:
    with ParquetFile(path) as file:
        end, total = 0, max(file.metadata.num_rows, 1)
        for batch in file.iter_batches(batch_size=CHUNK_ROWS):
            rows = pl.from_arrow(batch)
            assert isinstance(rows, pl.DataFrame)
            end += rows.height
            yield Chunk(
                _numbered(of_bytes(rows), range(end - rows.height + 1, end + 1)), [], end, end / total, typed=True
            )


def _csv(path: Path, separator: str, size: int) -> Iterator[Chunk]:
    with _open(path) as file:
        header = _header(path, file.readline(), separator)
        end = 0
        for block, share in _blocks(file, path, size, quoted=True):
            rows, broken, read = _csv_block(block, header, separator, end)
            end += read
            yield Chunk(rows, broken, end, share, typed=False)


def _header(path: Path, line: bytes, separator: str) -> list[str]:
    header = next(csv.reader([_first(path, line)], delimiter=separator), [])
    if not header or len(set(header)) < len(header):
        raise BadInput(f"{path} needs a first line that names each column once.", fields=["file"])
    return header


def _first(path: Path, line: bytes) -> str:
    """The first line of a file of text, without the mark that some programs put in front. raises: BadInput."""
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    # UTF-16 of plain letters reads as UTF-8 with a NUL beside each.
    if "\0" in text:
        raise BadInput(f"{path} is not text in UTF-8; save it as UTF-8 and import that.", fields=["file"])
    return text


def _csv_block(
    block: bytes, header: Sequence[str], separator: str, before: int
) -> tuple[pl.DataFrame, list[Rejected], int]:
    """The rows of a block, those that could not be read, and how many there are. Blank lines are no rows."""
    rows = _csv_fast(block, header, separator)
    if rows is None:
        return _csv_slowly(block, header, separator, before)
    return _numbered(rows, range(before + 1, before + rows.height + 1)), [], rows.height


def _csv_fast(block: bytes, header: Sequence[str], separator: str) -> pl.DataFrame | None:
    """The rows of a block in which nothing is wrong; else None, and the slow reader tells what is."""
    bare = unquoted(block, separator)
    if bare is None or len(header) == 1:
        return None
    try:
        rows = pl.read_csv(
            BytesIO(block), has_header=False, schema=dict.fromkeys(header, pl.String), separator=separator
        )
    except pl.exceptions.PolarsError:
        return None
    # Rows that are too short, and blank lines, have been filled up with nulls: in the last column, too.
    full = rows.height * (len(header) - 1)
    if rows[header[-1]].null_count() and bare.count(separator.encode()) < full:
        return None
    # The slow reader cannot tell a quoted nothing from nothing.
    return rows.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in header)


def _csv_slowly(
    block: bytes, header: Sequence[str], separator: str, before: int
) -> tuple[pl.DataFrame, list[Rejected], int]:
    good: list[list[str | None]] = []
    numbers: list[int] = []
    broken: list[Rejected] = []
    number = before
    for number, (row, why) in enumerate(((row, why) for row, why in rows_of(block, separator) if row), before + 1):
        reason = why or _unreadable(row, header)
        if reason:
            shown = separator.join(row).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            broken.append(Rejected(number, reason, shown))
        else:
            good.append([value or None for value in row])
            numbers.append(number)
    rows = pl.DataFrame(good, schema=dict.fromkeys(header, pl.String), orient="row")
    return _numbered(rows, numbers), broken, number - before


def _unreadable(row: Sequence[str], header: Sequence[str]) -> str | None:
    if len(row) != len(header):
        return f"has {len(row)} fields instead of {len(header)}"
    if any("\udc80" <= letter <= "\udcff" for value in row for letter in value):
        return "is not UTF-8"
    return None


def _json(path: Path, size: int) -> Iterator[Chunk]:
    with _open(path) as file:
        end = 0
        for block, share in _blocks(file, path, size, quoted=False):
            good: list[dict[str, Any]] = []
            numbers: list[int] = []
            broken: list[Rejected] = []
            if not end:
                _first(path, block.partition(b"\n")[0])
                block = block.removeprefix(BOM_UTF8)
            for line in block.splitlines():
                if not line.strip():
                    continue
                end += 1
                try:
                    good.append(_object(line))
                    numbers.append(end)
                except (ValueError, RecursionError) as error:
                    broken.append(Rejected(end, f"is not a JSON object: {error}", line.decode("utf-8", "replace")))
            yield Chunk(_numbered(_frame(good), numbers), broken, end, share, typed=True)


def _object(line: bytes) -> dict[str, Any]:
    text = line.decode()
    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("it is something else")
    if HALF.search(text):
        # Two halves in a row are a character; one alone can be written nowhere.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _frame(rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame([column for name in names for column in columns(name, [row.get(name) for row in rows])])


def _numbered(rows: pl.DataFrame, numbers: Sequence[int]) -> pl.DataFrame:
    return rows.select(pl.Series(NUMBER, numbers, dtype=pl.Int64), pl.all())


def _open(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb"))


def _blocks(file: IO[bytes], path: Path, at_least: int, *, quoted: bool) -> Iterator[tuple[bytes, float]]:
    """Whole lines at a time; a quoted field may go over several of them."""
    size = max(path.stat().st_size, 1)
    raw = getattr(file, "fileobj", None) or file
    while block := file.read(at_least):
        block += file.readline()
        if quoted and block.count(b'"') % 2:
            block += _rest_of_row(file)
        yield block, min(raw.tell() / size, 1.0)


def _rest_of_row(file: IO[bytes]) -> bytes:
    """What is left of a row whose field goes over several lines; or, behind a stray quote, some of what follows."""
    lines: list[bytes] = []
    size = 0
    while size < MOST_QUOTED and (line := file.readline()):
        lines.append(line)
        size += len(line)
        if line.count(b'"') % 2:
            break
    return b"".join(lines)
