"""Texts with labels are read whole or not at all, from each sort of file."""

from pathlib import Path

import polars as pl
import pytest

from tactful.kernel.errors import BadInput
from tactful.lab import labelled

TABLE = pl.DataFrame({"text": ["good, really", "bad"], "label": ["positive", "negative"], "id": ["1", "2"]})


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_every_sort_of_file_says_the_same(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"texts.{kind}"
    if kind == "csv":
        TABLE.write_csv(path)
    elif kind == "jsonl":
        TABLE.write_ndjson(path)
    else:
        TABLE.write_parquet(path)
    assert labelled.read(path).equals(TABLE)


def test_numbers_are_labels_too(tmp_path: Path) -> None:
    path = tmp_path / "rated.parquet"
    pl.DataFrame({"text": ["a"], "label": [0.5]}).write_parquet(path)
    assert labelled.read(path).to_dicts() == [{"text": "a", "label": "0.5"}]


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("text,label\ngood,positive\nbad\n", "row 2"),
        ("text,mood\ngood,positive\n", "no column label"),
        ("", "needs a first line"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, lines: str, words: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(lines)
    with pytest.raises(BadInput, match=words):
        labelled.read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no file"):
        labelled.read(tmp_path / "texts.csv")
