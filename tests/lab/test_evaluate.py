"""Evaluation on a made-up course of the same format, and on a made-up past in a real database."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tactful.decide import Rules
from tactful.kernel.errors import BadInput, NotFound
from tactful.kernel.records import Event
from tactful.kernel.settings import Settings
from tactful.lab.evaluate import courses, evaluate, kddcup2015, show, silence
from tactful.lab.evaluate.courses import served
from tactful.lab.evaluate.rows import Row, table
from tactful.store.database import Database
from tactful.store.sensed import events
from tactful.store.steps import run
from tests.lab.public import COURSE, course, customers, students

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with one course, students and customers in the files' own formats."""
    course(tmp_path)
    students(tmp_path)
    customers(tmp_path)
    return tmp_path


def test_a_course_becomes_what_the_store_would_know(data: Path) -> None:
    read = kddcup2015.read(data)
    assert read.known["active_days"].to_list() == [15, 9, 6, 1, 2, None]
    assert read.known["events"].to_list() == [105, 63, 42, 7, 14, None]
    assert read.known["longest_streak"].to_list() == [1, 1, 1, 1, 2, None]
    assert (read.day - read.known["streak_day"][3]).days == 25
    assert read.back(10).known["active_days"].to_list() == [10, 6, 6, 1, 2, None]
    assert read.back(10).silent_since(read.back(20).day).tolist() == [0, 0, 0, 1, 1, 1]
    assert kddcup2015.read(data, last_day=6).person_day["day"].max() == kddcup2015.DAY_0 + timedelta(days=6)


def test_production_features_and_model_rank_who_came_back_last(data: Path) -> None:
    beliefs = served(kddcup2015.read(data))
    risk = beliefs["risk_score"].to_list()
    assert max(risk[:2]) < min(risk[2:5])
    assert risk[5] is None
    assert beliefs["risk_level"][5] == "unknown"


def test_every_model_has_its_rows(data: Path) -> None:
    rows = [row for row in courses.evaluate(data) if row.task == "CH-A"]
    assert {row.model for row in rows} == {"tactful", "others", "cold", "seed", "baseline", "published"}
    found = {(row.model, row.metric): row for row in rows}
    assert found["cold", "auc"].value == 1
    assert {metric for model, metric in found if model == "tactful"} == {"auc", "ap", "brier", "ece"}
    # days are no probability
    assert {metric for model, metric in found if model == "baseline"} == {"auc", "ap"}
    assert found["tactful", "brier"].n == len(COURSE)


def test_courses_that_bounds_were_chosen_on_are_left_out_of_the_unseen(data: Path) -> None:
    path = data / kddcup2015.FOLDER / "enrollments.csv.gz"
    text = gzip.decompress(path.read_bytes()).decode().replace("1,7A", "1,1A").replace("3,7A", "3,1A")
    path.write_bytes(gzip.compress(text.encode()))
    sizes = {row.task: row.n for row in courses.evaluate(data) if row.model == "tactful"}
    assert (sizes["CH-A"], sizes["CH-A@unseen"]) == (6, 4)


def test_rows_are_printed_as_a_table_or_as_one_json_array(capsys: pytest.CaptureFixture[str]) -> None:
    row = Row("dropout", "CH-A", "tactful", "auc", 0.83, 0.82, 0.84, 100, 1.5)
    show([row], as_json=True)
    assert json.loads(capsys.readouterr().out) == [
        {"part": "dropout", "task": "CH-A", "model": "tactful", "metric": "auc", "value": 0.83}
        | {"low": 0.82, "high": 0.84, "n": 100, "seconds": 1.5}
    ]
    show([row])
    assert capsys.readouterr().out.strip() == table([row])
    assert "0.8300" in table([row])


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"daily_events\.parquet is missing"):
        evaluate("dropout", tmp_path)


def test_an_unknown_part_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="choose from anomaly, dropout"):
        evaluate("weather", tmp_path)


def past(database: Database) -> None:
    """Ten people who come daily, of whom the first five go on after AT; the last of them comes back on day 20."""
    rows = []
    for who in range(10):
        stops = 41 if who < 5 else 4 + who
        kept = [day for day in range(80) if day <= stops or (who < 4 and day < 80) or (who == 4 and day == 60)]
        rows += [
            ("acme", Event(f"{who}-{day}", f"p{who}", "visit", AT + timedelta(days=day - 40, minutes=-who - 1)))
            for day in kept
        ]
    with database.batch() as connection:
        connection.execute("INSERT INTO organisations (name, seed) VALUES ('acme', 1)")
        run(connection, events.count_rows(rows, now=AT + timedelta(days=60)))


def test_the_risk_as_of_then_is_held_to_who_stayed_silent(closed_database: Database) -> None:
    past(closed_database)
    rules = Rules.from_settings(Settings({}))
    rows = silence(closed_database, rules, at=AT, days=30)
    found = {(row.model, row.metric): row for row in rows}
    assert found["cold", "auc"].value == 1
    assert found["baseline", "auc"].value == 1
    assert found["tactful", "auc"].n == 10
    assert found["tactful", "auc"].task == "silence@30d"


def test_silence_that_is_not_over_cannot_be_judged(closed_database: Database) -> None:
    past(closed_database)
    rules = Rules.from_settings(Settings({}))
    with pytest.raises(BadInput, match="not known yet"):
        silence(closed_database, rules, at=AT, days=60)
    with pytest.raises(BadInput, match="--at"):
        silence(closed_database, rules, at=None, days=30)
    with pytest.raises(BadInput, match="at least one"):
        silence(closed_database, rules, at=AT, days=0)
