"""Evaluation of struggling on small made-up logs in the files' own formats."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import attempts, evaluate

ITEMS, SKILLS, LONG = 40, 4, 30


def luck(size: int, number: int) -> Floats:
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def answers(learners: int, *, first: int = 0) -> pl.DataFrame:
    """Every learner answers LONG times; items and learners differ, and times are a minute apart."""
    rows = []
    for who in range(first, first + learners):
        items = (luck(LONG, who * 2 + 1) * ITEMS).astype(np.int64)
        able = luck(1, who + 7000)[0] * 4 - 2
        right = luck(LONG, who * 2 + 2) < 1 / (1 + np.exp(items / 10 - 2 - able))
        rows.append(
            {"user_id": [who] * LONG, "item_id": items, "timestamp": np.arange(LONG) * 60, "correct": right.astype(int)}
        )
    return pl.concat([pl.DataFrame(each) for each in rows])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with both sets; learner 41 of the judged ones is learner 3 again."""
    first, second = (tmp_path / name for name in (attempts.ASSISTMENTS, attempts.ALGEBRA))
    first.mkdir()
    second.mkdir()
    taught = answers(30)
    again = [taught.filter(user_id=who).with_columns(user_id=pl.lit(new)) for who, new in ((3, 41), (5, 31))]
    pl.concat([taught, again[1].cast(taught.schema)]).write_parquet(first / "gervet_train.parquet")
    judged = pl.concat([answers(11, first=100), again[0].cast(taught.schema)])
    judged.write_parquet(first / "gervet_test.parquet")
    needs = np.arange(ITEMS) % SKILLS
    np.savez(first / "gervet_q_mat.npz", indptr=np.arange(ITEMS + 1), indices=needs, format=b"csr")
    answers(30, first=200).write_parquet(second / "interactions.parquet")
    skills = {"item_id": np.arange(ITEMS), "skill_id": needs.astype(np.int32)}
    pl.DataFrame(skills).write_parquet(second / "item_skills.parquet")
    return tmp_path


def test_a_learner_who_is_there_twice_counts_once(data: Path) -> None:
    log = attempts.assistments(data)
    assert log.taught["person_id"].n_unique() == 30
    assert attempts.copies(log.asked, of=log.taught).to_list() == [41]
    assert attempts.copies(log.asked).is_empty()


def test_items_know_their_skills_and_every_fifth_learner_is_judged(data: Path) -> None:
    log = attempts.algebra(data)
    assert log.asked["person_id"].unique().sort().to_list() == [204, 209, 214, 219, 224, 229]
    told = log.taught.filter(content_id="5")["skills"].to_list()
    assert told
    assert all(skills == ["1"] for skills in told)


def test_asked_before_hides_the_thinking_time_and_no_pause(data: Path) -> None:
    log = attempts.algebra(data).asked.head(3)
    pause = pl.when(pl.int_range(pl.len()) == 2).then(pl.duration(hours=2)).otherwise(pl.duration())
    late = log.with_columns(pl.col("at") + pause)
    first, second, third = late["at"]
    assert attempts.asked_before(late)["asked_at"].to_list() == [first, first, third]
    assert attempts.asked_before(log)["asked_at"].to_list() == [first, first, second]


def test_every_model_has_its_rows(data: Path) -> None:
    rows = evaluate("struggle", data)
    assert {row.task for row in rows} == {"KT-A", "KT-A@distinct", "KT-C", "KT-C@before"}
    found = {(row.task, row.model, row.metric): row for row in rows}
    assert {model for _, model, _ in found} == {"tactful", "cold", "seed", "baseline", "published"}
    assert (found["KT-A", "tactful", "auc"].n, found["KT-A@distinct", "tactful", "auc"].n) == (12 * LONG, 11 * LONG)
    for task in ("KT-A", "KT-C"):
        assert found[task, "tactful", "auc"].value > 0.6
        assert found[task, "tactful", "ece"].value < 0.2


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"gervet_train\.parquet is missing"):
        evaluate("struggle", tmp_path)
