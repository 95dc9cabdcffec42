"""Numbers from people of the past of whom the same was believed."""

import numpy as np
import pytest

from tactful.learn.alike import median_of_alike


def test_it_is_the_median_of_the_nearest() -> None:
    then, counted = np.arange(10.0), np.array([0, 0, 0, 0, 0, 5, 5, 9, 9, 9.0])
    now = np.array([-100.0, 3.0, 5.6, 8.0, 100.0])
    assert median_of_alike(then, counted, now, alike=3).tolist() == [0.0, 0.0, 5.0, 9.0, 9.0]


def test_the_order_of_the_past_does_not_matter() -> None:
    then, counted = np.arange(50.0), np.arange(50.0) % 7
    now = np.linspace(-5, 60, 20)
    turned = median_of_alike(then[::-1], counted[::-1], now, alike=5)
    assert turned.tolist() == median_of_alike(then, counted, now, alike=5).tolist()


def test_fewer_than_wanted_are_all_taken_and_none_is_unknown() -> None:
    assert median_of_alike(np.array([0.3]), np.array([4.0]), np.array([0.9])).tolist() == [4.0]
    assert np.isnan(median_of_alike(np.zeros(0), np.zeros(0), np.array([0.9]))).all()


def test_the_median_misses_by_less_than_the_mean_where_most_do_nothing() -> None:
    counted = np.array([0.0] * 80 + [10.0] * 20)
    expected = median_of_alike(np.zeros(100), counted, np.zeros(1))[0]
    assert np.abs(counted - expected).mean() < np.abs(counted - counted.mean()).mean()
    assert expected == pytest.approx(0)
