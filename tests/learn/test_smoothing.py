"""Learning sums of curves: what is there is found, little data moves little, and a belief from before is kept."""

import numpy as np
import polars as pl
import pytest
from sklearn.linear_model import LogisticRegression

from tactful.facts.additive import Floats
from tactful.learn.ranking import auc, ece, log_loss
from tactful.learn.smoothing import Smoothing, apart, gently
from tests.learn.test_boosting import FEATURES, SIZE, draws, people


def chance(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def test_it_finds_what_is_there_and_its_chances_hold() -> None:
    frame, truth, true = people()
    half = SIZE // 2
    model = Smoothing().fit(frame[:half], truth[:half], FEATURES)
    said = chance(model.log_odds(frame[half:]))
    assert auc(truth[half:], said) > auc(truth[half:], true[half:]) - 0.01
    # half of what happens hangs on a step, which curves round off
    assert ece(truth[half:], said) < 0.06
    spread = {column.name: np.ptp(column.to_numpy()) for column in model.contributions(frame)}
    assert spread["silent"] > 3 * spread["noise"]
    assert "nothing" not in spread


def test_a_straight_line_is_what_a_logistic_finds() -> None:
    x = draws(1) * 4 - 2
    truth = (draws(2) < chance(0.3 + 1.2 * x)).astype(np.float64)
    theirs = LogisticRegression(C=1e6).fit(x[:, None], truth).decision_function(x[:, None])
    ours = Smoothing(knots=2, ridge=1e-6, stiffness=0.0).fit(pl.DataFrame({"x": x}), truth, ("x",))
    inside = np.abs(x) < 1.9
    assert ours.log_odds(pl.DataFrame({"x": x}))[inside] == pytest.approx(theirs[inside], abs=0.05)


def test_a_belief_from_before_stands_until_answers_say_otherwise() -> None:
    before = 6 * draws(1) - 3
    truth = (draws(2) < chance(before)).astype(np.float64)
    frame = pl.DataFrame({"before": before, "noise": draws(3)})
    few = slice(0, 40)
    taught = frame[few], truth[few], ("before", "noise")
    leaning, bare = (Smoothing(leaning=each).fit(*taught).log_odds(frame) for each in ({"before": 1.0}, {}))
    assert log_loss(truth, chance(leaning)) < log_loss(truth, chance(before)) + 0.05
    assert log_loss(truth, chance(leaning)) < log_loss(truth, chance(bare))
    against = Smoothing(leaning={"before": 1.0}).fit(frame, 1 - truth, ("before",)).log_odds(frame)
    assert np.corrcoef(against, before)[0, 1] < -0.9


def test_parts_are_told_against_the_average_row_by_weight() -> None:
    frame, truth, _ = people()
    weight = 1 + draws(6)
    for column in Smoothing().fit(frame, truth, FEATURES, weight=weight).contributions(frame):
        assert np.average(column.to_numpy(), weights=weight) == pytest.approx(0, abs=1e-9)


def test_a_row_of_weight_two_is_two_rows() -> None:
    frame, truth, _ = people()
    few, twice = slice(0, 300), np.r_[0:300, 0:100]
    weighed = Smoothing().fit(frame[few], truth[few], FEATURES, weight=np.where(np.arange(300) < 100, 2.0, 1.0))
    doubled = Smoothing().fit(frame[twice], truth[twice], FEATURES)
    assert weighed.log_odds(frame) == pytest.approx(doubled.log_odds(frame), abs=0.15)


@pytest.mark.parametrize("truth", [np.zeros(50), np.ones(50), np.zeros(0)])
def test_without_both_outcomes_it_is_never_certain(truth: Floats) -> None:
    frame = pl.DataFrame({"silent": np.arange(truth.size, dtype=np.float64)})
    said = chance(Smoothing().fit(frame, truth, ("silent",)).log_odds(pl.DataFrame({"silent": [1.0]})))
    assert 0.001 < said[0] < 0.999


def test_the_same_rows_give_the_same_model_whatever_the_size_of_a_chunk() -> None:
    frame, truth, _ = people()
    whole = pl.concat([frame] * 2)
    one, two = (Smoothing().fit(whole, np.tile(truth, 2), FEATURES) for _ in range(2))
    assert one.as_dict() == two.as_dict()


def test_one_persons_lessons_are_told_apart_by_days() -> None:
    days = np.arange(10)
    assert apart(np.ones(10, dtype=np.int64), days).tolist() == days.tolist()
    assert apart(np.arange(10), days * 0).tolist() == list(range(10))
    assert gently({}).patience < 10
