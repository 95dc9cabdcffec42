"""Sums of curves: read off, told part by part, and kept as JSON."""

import json

import numpy as np
import polars as pl
import pytest

from tactful.facts.models import model
from tactful.facts.smooth import Curve, Smooth, smooth

DAYS = Curve("days", np.array([0.0, 10.0, 40.0]), np.array([-1.0, 0.0, 3.0]), unknown=0.25)
RUN = Curve("run", np.array([2.0]), np.array([-0.5]), unknown=0.0)
SUM = Smooth(0.1, (DAYS, RUN))


def test_a_curve_is_straight_between_its_knots_and_flat_beyond() -> None:
    assert DAYS.of(np.array([-5.0, 0.0, 5.0, 25.0, 99.0, np.nan])) == pytest.approx([-1, -1, -0.5, 1.5, 3, 0.25])


def test_the_parts_make_up_the_whole_and_a_missing_feature_is_unknown() -> None:
    frame = pl.DataFrame({"days": [5, None, 40]})
    parts = SUM.contributions(frame)
    assert parts.columns == ["days", "run"]
    assert SUM.log_odds(frame) == pytest.approx(0.1 + parts.sum_horizontal().to_numpy())
    assert SUM.log_odds(pl.DataFrame({"other": [1]})) == pytest.approx([0.35])


def test_json_keeps_it_to_the_last_digit() -> None:
    kept = model(json.loads(json.dumps(SUM.as_dict())))
    frame = pl.DataFrame({"days": np.linspace(-5, 50, 30), "run": np.arange(30)})
    assert kept.log_odds(frame).tolist() == SUM.log_odds(frame).tolist()


@pytest.mark.parametrize("knots", [[], [1.0, 1.0], [2.0, 1.0], [np.nan, 1.0]])
def test_knots_must_rise(knots: list[float]) -> None:
    with pytest.raises(ValueError, match="must rise"):
        Curve("days", np.array(knots), np.zeros(len(knots)), 0.0)


@pytest.mark.parametrize("stored", [{}, {"base": 0.0, "curves": [{"feature": "x"}]}, {"base": "x", "curves": 3}])
def test_anything_else_is_no_sum_of_curves(stored: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no sum of curves"):
        smooth(stored)
