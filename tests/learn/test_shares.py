"""Shares and their intervals, held to published numbers and to what chance does."""

import numpy as np
import pytest
from numpy.typing import NDArray

from tactful.learn.shares import Tally, difference, share
from tests.learn.test_monitoring import draws


def once(people: int, hits: int) -> Tally:
    """Everybody looked at once."""
    return Tally(people, people, hits, hits, people, hits)


def tally(tries: NDArray[np.int64], hits: NDArray[np.int64]) -> Tally:
    sums = (tries.size, tries.sum(), hits.sum(), (hits**2).sum(), (tries**2).sum(), (hits * tries).sum())
    return Tally(*(int(each) for each in sums))


def test_intervals_are_those_of_the_papers() -> None:
    # Newcombe 1998: 81 of 263, 15 of 148, and the pair 56 of 70 with 48 of 80.
    told = share(once(263, 81))
    assert (told["low"], told["high"]) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    apart = difference(once(70, 56), once(80, 48))
    assert apart is not None
    assert tuple(apart.values()) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_nobody_looked_at_is_unknown_and_not_zero() -> None:
    assert share(Tally()) == {"people": 0, "tries": 0, "hits": 0, "value": None, "low": None, "high": None}
    assert difference(Tally(), once(10, 5)) is None
    assert difference(once(10, 5), Tally()) is None


@pytest.mark.parametrize("hits", [0, 7])
def test_what_always_or_never_happened_is_not_certain(hits: int) -> None:
    told = share(once(7, hits))
    assert told["low"] <= told["value"] <= told["high"]
    assert 0.3 < told["high"] - told["low"] < 0.5
    alone = share(Tally(1, 700, 100 * hits, (100 * hits) ** 2, 490_000, 70_000 * hits))
    assert alone["high"] - alone["low"] > 0.7


def test_somebody_counted_often_makes_it_no_surer() -> None:
    once_each, ten_each = once(40, 20), Tally(40, 400, 200, 2_000, 4_000, 2_000)
    wide = [told["high"] - told["low"] for told in (share(once_each), share(ten_each))]
    assert wide[0] == pytest.approx(wide[1], rel=0.05)


def test_the_truth_lies_within_as_often_as_said() -> None:
    within, people = 0, 80
    for number in range(400):
        tries = 1 + (draws(number, people) * 11).astype(np.int64)
        chances = draws(1_000 + number, people) * 2 / 3
        luck = draws(2_000 + number, 12 * people).reshape(people, 12)
        hits = ((luck < chances[:, None]) & (np.arange(12) < tries[:, None])).sum(axis=1)
        told = share(tally(tries, hits))
        within += told["low"] <= 1 / 3 <= told["high"]
    assert 0.91 < within / 400 < 0.99
