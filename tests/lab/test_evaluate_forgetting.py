"""Forgetting is scored by the protocol: on what came later, and on learners nobody learned from."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from tactful.kernel.errors import NotFound
from tactful.lab.evaluate import attempts, evaluate, reviews
from tactful.lab.evaluate.forgetting import others_of
from tactful.predict import forgetting
from tests.predict.forgetting.example import draws

CARDS, REVIEWS, LEARNERS, WORDS, DAYS = 12, 9, 11, 8, 40


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Both logs in the files' own format; words that others find hard are hard, cards left alone are forgotten."""
    cards, words, algebra = (tmp_path / name for name in (reviews.CARDS, reviews.WORDS, attempts.ALGEBRA))
    for folder in (cards, words, algebra):
        folder.mkdir()
    _cards().write_parquet(cards / "revlog.parquet")
    _words().write_parquet(words / "spanish_37users.parquet")
    _algebra().write_parquet(algebra / "interactions.parquet")
    pl.DataFrame({"item_id": [0, 1, 1], "skill_id": [0, 1, 2]}).write_parquet(algebra / "item_skills.parquet")
    return tmp_path


def _cards() -> pl.DataFrame:
    number = np.arange(CARDS * REVIEWS)
    card, turn = number % CARDS, number // CARDS
    days = turn * (1 + card / 4) + card / 100
    known = draws(number.size, 1) < np.exp(-card / 30)
    when = (1.75e12 + days * 86_400_000).astype(np.int64)
    return pl.DataFrame(
        {"card": card, "t_ms": when, "rating": np.where(known, 3, 1), "duration_ms": 4000 + 100 * card}
    ).sort("t_ms")


def _words() -> pl.DataFrame:
    number = np.arange(LEARNERS * WORDS * 4)
    learner, word = number // (WORDS * 4), number % WORDS
    known = draws(number.size, 2) < 0.9 - word / 12
    return pl.DataFrame(
        {"user_id": 10 * learner, "item_id": word, "skill_id": word // 2, "correct": known.astype(np.int64)}
    )


def _algebra() -> pl.DataFrame:
    """Every learner answers two items on every third day; those whose number is odd forget them."""
    number = np.arange(LEARNERS * DAYS * 2)
    learner, day = number // (DAYS * 2), number // 2 % DAYS
    known = draws(number.size, 3) < np.where(learner % 2, 0.3, 0.97)
    return pl.DataFrame(
        {"user_id": learner, "item_id": number % 2, "timestamp": 3 * 86_400 * day, "correct": known.astype(np.int64)}
    )


def test_every_model_has_its_rows(data: Path) -> None:
    rows = evaluate("forgetting", data)
    found = {(row.task, row.model, row.metric): row for row in rows}
    for task in ("FG-A", "FG-B"):
        for model in ("tactful", "cold", "seed", "baseline"):
            for metric in ("auc", "log_loss", "ece"):
                assert np.isfinite(found[task, model, metric].value)
    assert np.isfinite(found["FG-A", "own", "log_loss"].value)
    scored = CARDS * (REVIEWS - 1)
    assert found["FG-A", "tactful", "auc"].n == scored - scored // 6
    assert found["FG-B", "tactful", "auc"].n == 3 * WORDS * 4
    assert {(row.task, row.metric) for row in rows if row.model == "published"} == {
        ("FG-A", "log_loss"), ("FG-A", "auc"), ("FG-B", "auc"),
    }  # fmt: skip


def test_fsrs_fitted_to_the_person_tells_learners_apart(data: Path) -> None:
    """Two of eleven are judged, one of whom forgets; one of two items needs two skills. First answers prove nothing."""
    rows = {(row.model, row.metric): row for row in evaluate("forgetting", data) if row.task == "FG-A@algebra"}
    assert {model for model, _ in rows} == {"own", "baseline", "cold"}
    assert rows["own", "auc"].n == 2 * 3 * (DAYS - 1)
    assert rows["own", "log_loss"].value < rows["baseline", "log_loss"].value - 0.02
    assert rows["own", "auc"].value > rows["baseline", "auc"].value


def test_both_logs_become_answers(data: Path) -> None:
    cards, words = reviews.cards(data), reviews.words(data)
    assert cards["at"].is_sorted()
    assert cards["seconds"].min() == 4
    assert cards["topic_id"].is_null().all()
    assert words["at"].is_null().all()
    assert words["topic_id"].n_unique() == WORDS // 2
    assert reviews.hours(words)["hour"].is_null().all()


def test_answers_of_the_judged_are_nobodys_others(data: Path) -> None:
    """Turning all of them round changes nothing of what anybody is told about others."""
    words = reviews.words(data)
    judged = words["person_id"].is_in([0, 50, 100])
    turned = words.with_columns(hit=pl.when(judged).then(1 - pl.col("hit")).otherwise("hit"))
    told, again = (others_of(forgetting.advance(forgetting.State(), rows)[1], rows, judged) for rows in (words, turned))
    assert_frame_equal(told, again)
    # four answers of each of the eight who are learned from, but oneself
    assert set(told["others_asked"].filter(judged)) == {8 * 4.0}
    assert set(told["others_asked"].filter(~judged)) == {7 * 4.0}


def test_missing_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"revlog\.parquet is missing"):
        evaluate("forgetting", tmp_path)
