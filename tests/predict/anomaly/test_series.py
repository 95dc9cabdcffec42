"""Numbers of any kind: what lies outside everything seen is told, what comes every day is not."""

import numpy as np
import pytest

from tactful.kernel.errors import BadInput
from tactful.predict.anomaly import Series
from tests.predict.anomaly.rooms import draws

HOURS, QUARTERS = 24, 96


def told(values: np.ndarray, per_day: int = 0) -> np.ndarray:
    watched = Series([per_day])
    return np.array([watched.advance([value])[0] for value in values])


def test_a_value_outside_everything_seen_surprises_more_than_any_before() -> None:
    calm = 50 + 5 * draws(600, seed=3)
    calm[500] = 90
    score = told(calm)
    assert score.argmax() == 500 or score[:100].max() > score[500] > score[100:500].max()
    assert score[500] > 5 * score[100:500].max()


def test_what_comes_every_day_is_usual_and_its_missing_is_not() -> None:
    morning = (np.arange(QUARTERS) >= 36) & (np.arange(QUARTERS) < 48)
    days = np.tile(np.where(morning, 100.0, 10.0), 20) + draws(20 * QUARTERS, seed=4)
    missing = slice(15 * QUARTERS + 36, 15 * QUARTERS + 48)
    days[missing] = 10
    with_days, without = told(days, QUARTERS), told(days)
    before = slice(8 * QUARTERS, missing.start)
    assert with_days[missing].max() > 3 * with_days[before].max()
    assert without[missing].max() == 0


def test_each_series_is_told_as_if_alone() -> None:
    values = 20 + draws(400, 3, seed=5) * np.array([1, 10, 0])
    together = Series([0, HOURS, HOURS])
    every = np.array([together.advance(row) for row in values])
    for series, per_day in enumerate((0, HOURS, HOURS)):
        assert every[:, series].tolist() == told(values[:, series], per_day).tolist()


def test_any_finite_values_give_finite_scores() -> None:
    values = np.array([0, 1e300, -1e300, 0, 5e-324, 3] * 30)
    with np.errstate(over="ignore", invalid="ignore"):
        score = told(values / 1e10, 4)
    assert np.isfinite(score).all()
    assert (score >= 0).all()


@pytest.mark.parametrize("values", [[np.nan], [np.inf], [1, 2], 1, []])
def test_what_is_no_number_for_each_series_is_refused(values: object) -> None:
    watched = Series([0])
    with pytest.raises(BadInput):
        watched.advance(values)  # type: ignore[arg-type]
