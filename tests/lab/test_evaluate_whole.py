"""Everything at once: what has data is scored, what has none is named."""

from dataclasses import replace
from pathlib import Path

import pytest

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import PARTS, cdnow, everything, oulad
from tests.lab.public import customers, students


def test_what_has_data_is_scored_in_order_and_what_has_none_is_said_to_be_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    students(tmp_path)
    customers(tmp_path)
    rows = everything(tmp_path)
    alone = [*oulad.evaluate(tmp_path), *cdnow.evaluate(tmp_path)]
    assert [replace(row, seconds=None) for row in rows] == [replace(row, seconds=None) for row in alone]
    said = capsys.readouterr().err.splitlines()
    assert len(said) == sum(map(len, PARTS.values()))
    assert said[-1].startswith(f"{len(said)} of {len(said)}: ")
    assert any("KT-A left out. " in line and "gervet_train.parquet is missing" in line for line in said)
    assert any("CH-D took " in line for line in said)


def test_a_folder_without_any_of_the_data_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="None of the public data sets is in"):
        everything(tmp_path)


def test_every_task_belongs_to_one_part() -> None:
    names = [name for tasks in PARTS.values() for name in tasks]
    assert len(names) == len(set(names))
