"""Learning sums of terms: what is really there is found, what is not is left alone, and the same rows give the same."""

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from tactful.facts.additive import Floats, additive
from tactful.kernel.chance import mix
from tactful.learn.boosting import Boosting
from tactful.learn.ranking import auc, ece

SIZE = 6_000


def draws(number: int, size: int = SIZE) -> Floats:
    """Uniform in [0, 1), the same every time."""
    words: np.ndarray = mix(np.arange(size, dtype=np.uint64), number)
    return (words >> np.uint64(11)).astype(np.float64) / 2**53


def people() -> tuple[pl.DataFrame, Floats, Floats]:
    """Silent people leave, and so do those nothing is known about; noise means nothing. With the true chance."""
    silent, seldom, noise = draws(1) * 30, draws(2), draws(3)
    unknown = draws(4) < 0.2
    log_odds = -2 + silent / 6 + np.where(unknown, 1.5, 2 * (seldom > 0.5))
    chance = 1 / (1 + np.exp(-log_odds))
    frame = pl.DataFrame({"silent": silent, "seldom": np.where(unknown, np.nan, seldom), "noise": noise})
    frame = frame.with_columns(pl.col("seldom").fill_nan(None), nothing=pl.lit(None, pl.Float64))
    return frame, (draws(5) < chance).astype(np.float64), chance


FEATURES = ("silent", "seldom", "noise", "nothing")


def test_it_finds_what_is_there_and_its_chances_hold() -> None:
    frame, truth, chance = people()
    half = SIZE // 2
    model = Boosting().fit(frame[:half], truth[:half], FEATURES)
    said = model.probability(frame[half:]).to_numpy()
    assert auc(truth[half:], said) > auc(truth[half:], chance[half:]) - 0.01
    assert ece(truth[half:], said) < 0.04
    spread = {column.name: np.ptp(column.to_numpy()) for column in model.contributions(frame)}
    assert spread["silent"] > 3 * spread["noise"]
    assert "nothing" not in spread


def test_the_tables_say_exactly_what_the_trees_say() -> None:
    seen = []

    class Keeping(Boosting):
        """Keeps what scikit-learn made."""

        def trees(self, codes: Floats, *rest: Any) -> HistGradientBoostingClassifier:
            made = super().trees(codes, *rest)
            seen.append(made.decision_function(codes))
            return made

    frame, truth, _ = people()
    model = Keeping(rounds=40).fit(frame, truth, FEATURES)
    assert model.log_odds(frame) == pytest.approx(seen[0], abs=1e-9)


def test_whether_something_is_known_at_all_may_tell() -> None:
    truth = (draws(7) < 0.5).astype(np.float64)
    frame = pl.DataFrame({"answered": pl.Series(truth).replace_strict({1.0: 4.0, 0.0: None})})
    said = Boosting().fit(frame, truth, ("answered",)).probability(frame).to_numpy()
    assert said[truth == 1].min() > 0.99
    assert said[truth == 0].max() < 0.01


def test_contributions_are_told_against_the_average_person() -> None:
    frame, truth, _ = people()
    weight = 1 + draws(6)
    model = Boosting(rounds=40).fit(frame, truth, FEATURES, weight=weight)
    for column in model.contributions(frame):
        assert np.average(column.to_numpy(), weights=weight) == pytest.approx(0, abs=1e-9)


def test_more_can_be_held_to_mean_no_less() -> None:
    frame, truth, _ = people()
    model = Boosting().fit(frame[:400], truth[:400], FEATURES, rising={"silent": 1, "noise": -1})
    tables = {term.feature: term for term in model.terms}
    assert (np.diff(tables["silent"].values) >= -1e-12).all()
    assert (np.diff(tables["noise"].values) <= 1e-12).all()


def test_the_same_rows_give_the_same_model_and_json_keeps_it() -> None:
    frame, truth, _ = people()
    one, two = (Boosting(rounds=30).fit(frame, truth, FEATURES) for _ in range(2))
    assert one.as_dict() == two.as_dict()
    stored = json.dumps(one.as_dict())
    assert additive(json.loads(stored)).probability(frame).to_list() == one.probability(frame).to_list()
    assert len(stored) < 20_000


@pytest.mark.parametrize("truth", [np.zeros(50), np.ones(50), np.zeros(0)])
def test_without_both_outcomes_it_is_a_constant_that_is_never_certain(truth: Floats) -> None:
    frame = pl.DataFrame({"silent": np.arange(truth.size, dtype=np.float64)})
    model = Boosting().fit(frame, truth, ("silent",))
    assert model.terms == ()
    assert 0 < model.probability(pl.DataFrame({"silent": [1.0]}))[0] < 1


def test_a_few_people_hardly_move_it() -> None:
    frame, truth, _ = people()
    said = Boosting().fit(frame[:20], truth[:20], FEATURES).probability(frame[:200])
    assert said.n_unique() == 1
