"""Measures of how well scores rank and how well probabilities hold."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.metrics import log_loss as sklearn_log_loss

from tactful.learn.ranking import (
    CALIBRATION,
    RANKING,
    auc,
    average_precision,
    brier,
    ece,
    log_loss,
    measure,
    resample,
)  # fmt: skip

PAIRS = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=60)


@given(PAIRS)
def test_auc_is_the_chance_to_rank_a_pair_right(pairs: list[tuple[bool, int]]) -> None:
    truth = np.array([float(one) for one, _ in pairs])
    score = np.array([float(two) for _, two in pairs])
    ones, zeros = score[truth == 1], score[truth == 0]
    if not ones.size or not zeros.size:
        assert math.isnan(auc(truth, score))
        return
    wins = (ones[:, None] > zeros).sum() + (ones[:, None] == zeros).sum() / 2
    assert auc(truth, score) == pytest.approx(wins / ones.size / zeros.size)
    assert auc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def test_what_separates_perfectly_scores_one() -> None:
    truth, score = np.array([0.0, 0.0, 1.0, 1.0]), np.array([0.1, 0.2, 0.6, 0.9])
    assert auc(truth, score) == average_precision(truth, score) == 1
    assert auc(truth, -score) == 0


def test_nobody_to_find_has_no_precision() -> None:
    assert math.isnan(average_precision(np.zeros(3), np.arange(3.0)))


def test_calibration_counts_the_gap_between_said_and_true() -> None:
    truth = np.array([1.0, 1.0, 1.0, 0.0])
    assert ece(truth, np.full(4, 0.75)) == 0
    assert ece(truth, np.full(4, 0.25)) == pytest.approx(0.5)
    assert ece(np.array([0.0, 1.0]), np.array([0.05, 1.0])) == pytest.approx(0.025)
    assert brier(truth, truth) == 0
    assert log_loss(truth, np.full(4, 0.5)) == pytest.approx(math.log(2))


def test_intervals_hold_the_value_and_narrow_with_more_people() -> None:
    def interval(size: int) -> tuple[float, float, float]:
        truth = (np.arange(size) % 3 == 0).astype(np.float64)
        score = truth * 0.3 + (np.arange(size) * 7919 % 101) / 101
        found = measure(truth, score, RANKING)[0]
        return found.low, found.value, found.high

    few, many = interval(60), interval(3000)
    assert few[0] < few[1] < few[2]
    assert many[0] < many[1] < many[2]
    assert many[2] - many[0] < (few[2] - few[0]) / 3


def test_the_same_question_gives_the_same_interval() -> None:
    truth, score = np.array([0.0, 1.0] * 20), np.linspace(0, 1, 40)
    assert measure(truth, score, CALIBRATION) == measure(truth, score, CALIBRATION)


def test_a_resample_draws_rows_evenly_with_replacement() -> None:
    rows = resample(1000, 3)
    assert rows.min() >= 0
    assert rows.max() < 1000
    # a share of 1 - 1/e is drawn at least once
    assert 0.59 < np.unique(rows).size / 1000 < 0.68
    assert not np.array_equal(rows, resample(1000, 4))


def test_an_interval_over_one_outcome_only_is_not_a_number() -> None:
    assert math.isnan(measure(np.ones(5), np.arange(5.0), {"auc": auc})[0].low)


def test_rows_of_one_person_are_drawn_together() -> None:
    people = np.repeat(np.arange(30), 40)
    truth, score = (people % 3 == 0).astype(np.float64), people % 3 * -0.1 + (people % 7 == 0)
    alone, together = (measure(truth, score, {"auc": auc}, people=each)[0] for each in (None, people))
    assert alone.value == together.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_everybody_with_one_row_is_the_same_as_nobody_named() -> None:
    truth, score = np.array([0.0, 1.0] * 40), np.linspace(0, 1, 80)
    assert measure(truth, score, {"auc": auc}) == measure(truth, score, {"auc": auc}, people=np.arange(80))


def test_precision_and_surprise_are_those_of_scikit_learn() -> None:
    place = np.arange(400)
    truth = (place * 7919 % 400 < 120).astype(np.float64)
    for chance in (place / 399, place // 40 / 9, place * 37 % 400 / 399):
        assert average_precision(truth, chance) == pytest.approx(average_precision_score(truth, chance), abs=1e-12)
        assert log_loss(truth, chance) == pytest.approx(sklearn_log_loss(truth, chance, labels=[0, 1]), abs=1e-12)
