"""The evaluation of timing, on messages and commits made up in the files' own format."""

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import evaluate, hours, messages
from tactful.predict import timing
from tests.predict.timing.messages import log


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Sixty days of messages of thirty people, and commits of four with hours of their own."""
    written = log(30, 60).select(src="from_id", dst="to_id", ts=pl.col("at").dt.epoch("s"))
    for folder in (messages.FOLDER, hours.FOLDER):
        (tmp_path / folder).mkdir()
    (tmp_path / messages.FOLDER / "CollegeMsg.csv.gz").write_bytes(gzip.compress(written.write_csv().encode()))
    rows = [
        (user, user % 2, 86_400 * day + 3_600 * (8 + user) + 60 * day, 60)
        for user in range(4) for day in range(50 if user else 20)
    ]  # fmt: skip
    commits = pl.DataFrame(rows, schema=["user", "project", "ts", "tz_min"], orient="row")
    commits.write_parquet(tmp_path / hours.FOLDER / "commits.parquet")
    return tmp_path


def test_every_task_has_every_model_and_both_kinds_of_figures(data: Path) -> None:
    rows = evaluate("timing", data)
    said = {(row.task, row.model, row.metric): row for row in rows}
    assert {row.task for row in rows} == {"TM-A@1h", "TM-A@24h", "TM-B", "TM-B@collegemsg"}
    assert {row.model for row in rows} == {"tactful", "cold", "seed", "baseline"}
    assert said["TM-A@24h", "tactful", "auc"].value > said["TM-A@24h", "seed", "auc"].value
    assert said["TM-A@1h", "tactful", "log_loss"].value < np.log(2)
    assert said["TM-B", "tactful", "log_loss"].value < np.log(24)
    assert said["TM-B", "tactful", "top6"].value == 1
    assert said["TM-B", "tactful", "log_loss"].n == 3


def test_the_hours_of_commits_are_those_of_the_clock_that_each_one_tells(data: Path) -> None:
    cells = hours.commits(data)
    assert cells.filter(pl.col("person_id") == 0)["hour"].unique().to_list() == [9]
    known = hours.split(cells)
    assert known.hours.shape == (3, 168)
    assert known.counts.sum(axis=1).tolist() == [35, 35, 35]
    assert known.organisation.tolist() == [1, 0, 1]
    assert np.bincount(known.person).tolist() == [15, 15, 15]


def test_what_is_asked_of_a_message_knows_nothing_of_later_ones(data: Path) -> None:
    every = messages.read(data)
    some = every[: every.height // 2]
    one, other = timing.given(messages.asked(every)).head(some.height), timing.given(messages.asked(some))
    assert one.equals(other)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="CollegeMsg"):
        evaluate("timing", tmp_path)
