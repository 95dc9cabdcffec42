"""Lines as they are served: bounded whatever comes, exact in JSON, and nothing that is no line."""

import json

import numpy as np
import polars as pl
import pytest

from tactful.facts.linear import Linear, Slope, linear, ratios

SLOPE = Slope("days_silent", start=-1.0, per=0.5, low=0.0, high=5.0, unknown=0.25)
MODEL = Linear(0.1, (SLOPE, Slope("score", start=0.0, per=-2.0, low=-1.0, high=1.0, unknown=0.0)))


def test_it_is_the_sum_of_what_its_features_add() -> None:
    frame = pl.DataFrame({"days_silent": [0, 3, None], "score": [1.0, -1.0, None]})
    parts = MODEL.contributions(frame)
    assert parts["days_silent"].to_list() == [-1.0, 0.0, 0.25]
    assert parts["score"].to_list() == [-2.0, 2.0, 0.0]
    assert MODEL.log_odds(frame).tolist() == pytest.approx([-2.9, 2.1, 0.35])


def test_beyond_what_was_seen_nothing_more_is_added() -> None:
    told = SLOPE.of(np.array([31.0, 1e9, -1e9]))
    assert told.tolist() == [1.5, 1.5, -1.0]


def test_a_feature_that_is_not_there_is_unknown() -> None:
    assert MODEL.log_odds(pl.DataFrame({"other": [1.0]})).tolist() == pytest.approx([0.35])


def test_twice_as_much_is_one_step_far_from_zero_and_the_sign_stays() -> None:
    assert np.diff(ratios(np.array([1_000.0, 2_000.0]))) == pytest.approx(1.0, abs=0.01)
    assert ratios(np.array([-7.0])) == -ratios(np.array([7.0]))


def test_json_keeps_it_to_the_last_digit() -> None:
    assert linear(json.loads(json.dumps(MODEL.as_dict()))) == MODEL


@pytest.mark.parametrize("stored", [{}, {"base": 0, "slopes": [{}]}, {"base": 0, "slopes": [{"feature": "x"}]}])
def test_what_is_no_line_is_refused(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no linear model"):
        linear(stored)


@pytest.mark.parametrize("part", [{"per": float("nan")}, {"low": 6.0}, {"unknown": float("inf")}])
def test_a_slope_must_be_finite_and_its_range_one(part: dict[str, float]) -> None:
    whole = {"start": 0.0, "per": 1.0, "low": 0.0, "high": 5.0, "unknown": 0.0}
    with pytest.raises(ValueError, match="slope of x"):
        Slope("x", **(whole | part))
