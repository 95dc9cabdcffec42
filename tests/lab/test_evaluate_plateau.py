"""The measures of change points, and the evaluation on series made up in the files' own format."""

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from tactful.lab.evaluate import evaluate, tcpd
from tactful.lab.evaluate.plateau import found, partitioned
from tactful.learn.dividing import covered, f1

STEP = [0.0] * 30 + [5.0] * 30
WOBBLE = [0.1 * (n % 3) for n in range(60)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Four series that count, and two that do not."""
    plain = {
        "a": STEP,
        "b": WOBBLE,
        "c": [x + y for x, y in zip(STEP, WOBBLE, strict=True)],
        "d": [1.0, None, 3.0] * 20,
    }
    every = {
        **{name: {"n_dim": 1, "series": [{"raw": raw}]} for name, raw in plain.items()},
        "quality_control_1": {"n_dim": 1, "series": [{"raw": STEP}]},
        "run_log": {"n_dim": 2, "series": [{"raw": STEP}, {"raw": STEP}]},
    }
    marks = {name: {"1": [30] if name in "ac" else [], "2": []} for name in every}
    folder = tmp_path / tcpd.FOLDER
    folder.mkdir()
    (folder / "series.json.gz").write_bytes(gzip.compress(json.dumps(every).encode()))
    (folder / "annotations.json").write_text(json.dumps(marks))
    return tmp_path


def test_f1_counts_what_any_annotator_saw_as_right_and_what_each_saw_as_to_be_found() -> None:
    # the published example of five annotators of the Nile: three saw 1898, two saw nothing
    nile = [[], [28], [], [28], [28]]
    assert f1(nile, []) == pytest.approx(2 * 0.7 / 1.7)
    assert f1(nile, [27]) == pytest.approx(1)
    assert f1(nile, [27, 60]) == pytest.approx(2 * (2 / 3) / (2 / 3 + 1))


def test_cover_is_the_mean_over_annotators() -> None:
    assert covered([[], [28]], [28], 100) == pytest.approx((0.72 + 1) / 2)


def test_real_series_of_one_dimension_are_read_and_gaps_are_bridged(data: Path) -> None:
    every = tcpd.read(data)
    assert [one.name for one in every] == ["a", "b", "c", "d"]
    assert every[3].values[:3].tolist() == [1, 2, 3]
    assert every[0].marked == [[30], []]


def test_every_model_has_both_measures_of_all_series_and_of_the_unseen(data: Path) -> None:
    rows = evaluate("plateau", data)
    said = {(row.task, row.model, row.metric): row for row in rows}
    assert {row.metric for row in rows} == {"f1", "cover"}
    assert {row.model for row in rows} == {"tactful", "baseline", "zero", "published"}
    assert said["AN-C", "tactful", "f1"].value == 1
    assert said["AN-C", "zero", "f1"].value == pytest.approx((2 * 2 * 0.75 / 1.75 + 2) / 4)
    assert (said["AN-C", "tactful", "f1"].n, said["AN-C@unseen", "tactful", "f1"].n) == (4, 2)


def test_both_finders_find_a_plain_step_and_nothing_in_a_wobble() -> None:
    for finder in (found, partitioned):
        assert finder(np.array(STEP)) == [30]
        assert finder(np.array(WOBBLE)) == []
        assert finder(np.zeros(20)) == []
