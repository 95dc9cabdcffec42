"""Reading files of logs: the same rows however they are read, and one sentence for what is no such file."""

import csv
import gzip
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from tactful.kernel.errors import BadInput
from tactful.lab.importing.files import CHUNK_BYTES, NUMBER, Rejected, chunks

HEADER = b"who,at,note\n"
# One field too many: the whole block is left to the slow reader.
SPOILED = "x,x,x,x\n"


def read(content: bytes, size: int = CHUNK_BYTES) -> tuple[list[tuple[object, ...]], list[Rejected]]:
    """Rows with their numbers, and those that could not be read."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        path.write_bytes(content)
        found = list(chunks(path, size))
    rows = pl.concat([one.rows for one in found]).rows() if found else []
    return rows, [broken for one in found for broken in one.broken]


def written(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


letters = some.text(some.sampled_from('aé, "\n'), max_size=4)
orderly = some.lists(some.lists(letters, min_size=0, max_size=3), max_size=12).map(written)
# As it comes: stray quotes, carriage returns, blanks and rows of any length.
wild = some.text(some.sampled_from('ab,,"\n\n\r '), max_size=40)
whole = some.lists(some.tuples(letters, letters, letters).map(list), max_size=8).map(written)


@given(some.one_of(orderly, wild, whole))
def test_the_fast_reader_and_the_slow_one_find_the_same(text: str) -> None:
    content = HEADER + text.encode() + b"\n"
    fast, broken = read(content)
    slow, more = read(content + SPOILED.encode())
    assert slow == fast
    assert more[:-1] == broken
    assert more[-1].reason == "has 4 fields instead of 3"


@given(orderly, some.integers(1, 60))
def test_whether_a_row_counts_does_not_depend_on_how_much_is_read_in_one_go(text: str, size: int) -> None:
    assert read(HEADER + text.encode(), size) == read(HEADER + text.encode())


def test_a_row_that_is_too_short_is_set_aside_whatever_stands_beside_it() -> None:
    rows, broken = read(HEADER + b"ana,1,\n\nben,2\ncem,3,x\n")
    assert rows == [(1, "ana", "1", None), (3, "cem", "3", "x")]
    assert broken == [Rejected(2, "has 2 fields instead of 3", "ben,2")]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_blank_lines_are_no_rows(ending: str) -> None:
    rows, broken = read(ending.join(["who,at,note", "", "ana,1,x", "", "", "ben,2,y", ""]).encode())
    assert ([row[:2] for row in rows], broken) == ([(1, "ana"), (2, "ben")], [])


def test_a_field_may_be_longer_than_the_csv_module_reads_unasked() -> None:
    rows, broken = read(HEADER + b"ana,1," + b"x" * 200_000 + b'\nben,2,5" disk\n')
    assert [(row[0], len(str(row[3]))) for row in rows] == [(1, 200_000), (2, 7)]
    assert broken == []


LINE = '{"who": "ana", "at": 1767225600}\n'


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("log.csv", "who,at\nana,1\n".encode("utf-16"), "is not text in UTF-8"),
        ("log.csv", "who,at\nana,1\n".encode("utf-16-le"), "is not text in UTF-8"),
        ("log.csv", "wér,at\nana,1\n".encode("latin-1"), "is not text in UTF-8"),
        ("log.tsv", bytes(range(256)), "is not text in UTF-8"),
        ("log.csv", gzip.compress(HEADER), "is not text in UTF-8"),
        ("log.csv", b"", "needs a first line"),
        ("log.jsonl", LINE.encode("utf-16"), "is not text in UTF-8"),
        ("log.jsonl", LINE.encode("utf-32-le"), "is not text in UTF-8"),
        ("log.jsonl", b"\x89PNG\r\n\x1a\n", "is not text in UTF-8"),
        ("log.csv.gz", HEADER, "cannot be read"),
        ("log.jsonl.gz", LINE.encode(), "cannot be read"),
        ("log.csv.gz", gzip.compress(HEADER)[:-9], "cannot be read"),
        ("log.csv.gz", gzip.compress(HEADER * 9)[:12] + b"\xff" * 9, "cannot be read"),
        ("log.parquet", HEADER, "cannot be read"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=why) as refused:
        list(chunks(tmp_path / name, CHUNK_BYTES))
    assert refused.value.fields == ["file"]


def test_the_mark_in_front_of_json_lines_is_read_past(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(("\ufeff" + LINE).encode())
    [found] = chunks(path, CHUNK_BYTES)
    assert (found.rows["who"].to_list(), found.rows[NUMBER].to_list(), found.broken) == (["ana"], [1], [])
