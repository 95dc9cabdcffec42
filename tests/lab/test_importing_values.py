"""Values of JSON lines and Parquet keep their own type, and only text and whole numbers are names."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tactful.lab.importing.columns import Mapping, Sorted, sort_out
from tactful.lab.importing.files import CHUNK_BYTES, chunks

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def sorted_out(path: Path, **columns: Any) -> Sorted:
    [chunk] = chunks(path, CHUNK_BYTES)
    return sort_out(chunk, Mapping(**({"person": "who", "time": "at"} | columns)), mark="m", now=NOW)


def of_json(folder: Path, name: str, values: list[Any], **columns: Any) -> Sorted:
    """Events of lines that have each of the values under a name."""
    rows = [{"who": "ana", "at": 1_767_225_600 + number, name: value} for number, value in enumerate(values)]
    (folder / "log.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return sorted_out(folder / "log.jsonl", **columns)


@pytest.mark.parametrize(
    "values",
    [
        [1, 0.5],
        [0.5, 1],
        [0, 1, 0.25, None],
        ["1", 1, 1.5, True, "true", None, 'say "x"'],
        [True, 1],
        [12345678901, 0.1],
    ],
)
def test_a_value_of_json_keeps_its_type_whatever_stands_before_it(tmp_path: Path, values: list[Any]) -> None:
    found = of_json(tmp_path, "note", values, properties=("note",))
    kept = [json.loads(text).get("note") for text in found.log["properties"]]
    assert [(type(one), one) for one in kept] == [(type(one), one) for one in values]
    assert found.rejected == []


def test_a_score_of_one_and_one_of_a_half_both_count(tmp_path: Path) -> None:
    found = of_json(tmp_path, "score", [1, 0.5, 0], properties=("score",))
    assert found.log["score"].to_list() == [1, 0.5, 0]


def test_what_does_not_fit_among_values_of_several_sorts_is_set_aside(tmp_path: Path) -> None:
    found = of_json(tmp_path, "note", ["x", [1], {"y": 1}, 10**30, 2e15, [0] * 3000], properties=("note",))
    assert [(one.number, one.reason) for one in found.rejected] == [
        (2, "note is a list or an object"),
        (3, "note is a list or an object"),
        (4, "note is a number beyond 1e+15"),
        (5, "note is a number beyond 1e+15"),
        (6, "note is a list or an object"),
    ]


@pytest.mark.parametrize(
    ("option", "called"),
    [
        ("person", "person"),
        ("id", "id"),
        ("kind_column", "kind"),
        ("content", "content_id"),
        ("skill", "skill_id"),
        ("topic", "topic"),
    ],
)
@pytest.mark.parametrize(
    ("value", "what"),
    [
        (True, "true or false"),
        (0.5, "a decimal number"),
        ({"x": 1}, "a list or an object"),
        ([7], "a list or an object"),
    ],
)
@pytest.mark.parametrize("beside", [[], ["x", 7]])
def test_only_text_and_whole_numbers_are_names(
    tmp_path: Path, option: str, called: str, value: Any, what: str, beside: list[Any]
) -> None:
    found = of_json(tmp_path, "it", [value, *beside], **{option: "it"})
    assert found.rejected[0].number == 1
    assert found.rejected[0].reason == f"{called} is {what}; it must be text or a whole number"
    assert "it" in json.loads(found.rejected[0].text)


def test_people_with_numbers_and_with_names_are_told_by_them_however_large(tmp_path: Path) -> None:
    found = of_json(tmp_path, "it", ["ana", 7, 10**30, "7.0"], person="it")
    assert found.log["person"].to_list() == ["ana", "7", str(10**30), "7.0"]


@pytest.mark.parametrize(
    ("values", "reasons"),
    [
        (pl.Series([7, 8]), []),
        (pl.Series(["a", "b"]), []),
        (pl.Series(["a", "b"], dtype=pl.Categorical), []),
        (pl.Series([b"a", b"\xff"]), ["made of bytes that are no text"]),
        (pl.Series([b"a", b"b"]), []),
        (pl.Series([7.0, None]), ["a decimal number", None]),
        (pl.Series([True, False]), ["true or false"] * 2),
        (pl.Series([[1], [2]]), ["a list or an object"] * 2),
        (pl.Series([NOW.date(), NOW.date()]), ["something else"] * 2),
    ],
)
def test_columns_of_parquet_are_names_by_the_same_rule(
    tmp_path: Path, values: pl.Series, reasons: list[str | None]
) -> None:
    pl.DataFrame({"who": values, "at": ["2026-01-01T00:00:00Z"] * 2}).write_parquet(tmp_path / "log.parquet")
    expected = [f"person is {one}; it must be text or a whole number" if one else "person is empty" for one in reasons]
    found = sorted_out(tmp_path / "log.parquet")
    assert [one.reason for one in found.rejected] == expected


def test_half_a_character_costs_its_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    lines = [r'{"who": "\ud800", "at": 1767225600}', r'{"who": "\ud83d\ude00", "at": 1767225600}']
    path.write_text("\n".join(lines))
    found = sorted_out(path)
    assert found.log["person"].to_list() == ["\U0001f600"]
    assert [one.number for one in found.rejected] == [1]
