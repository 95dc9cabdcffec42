"""Telling chances on the seed's scale: order is kept, and no level holds more than its share."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.scale import UNSCALED, Scale, scaled

MARKS = (0.3, 0.5, 0.7)
SHARES = (0.5, 0.2, 0.05)
some_chances = st.lists(st.floats(0, 1) | st.sampled_from([0.0, 0.5, 0.97, 1.0]), max_size=60)


def told(scale: Scale, chances: list[float]) -> list[float]:
    return (
        pl.DataFrame({"p": chances}, schema={"p": pl.Float64}).select(p=scale.told(pl.col("p"), MARKS))["p"].to_list()
    )


def test_unscaled_chances_are_told_as_they_are() -> None:
    assert told(UNSCALED, [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]) == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8, 1.0])


@given(some_chances)
def test_no_level_holds_more_than_its_share_and_order_is_kept(chances: list[float]) -> None:
    scale = scaled(np.array(chances), MARKS, SHARES)
    said = told(scale, chances)
    for mark, share in zip(MARKS, SHARES, strict=True):
        assert sum(value >= mark for value in said) <= share * len(chances)
    ranked = [value for _, value in sorted(zip(chances, said, strict=True))]
    assert ranked == sorted(ranked)
    assert all(0 <= value <= 1 for value in said)


@given(some_chances)
def test_nobody_is_called_worse_than_their_chance(chances: list[float]) -> None:
    for chance, value in zip(chances, told(scaled(np.array(chances), MARKS, SHARES), chances), strict=True):
        assert value <= chance + 1e-9


def test_a_share_of_all_leaves_every_edge_at_its_mark() -> None:
    assert scaled(np.array([0.1, 0.9, 0.95]), MARKS, (1.0, 1.0, 1.0)) == UNSCALED


def test_who_is_like_the_first_one_too_many_stays_below_with_them() -> None:
    chances = [0.9] * 40 + [0.2] * 60
    said = told(scaled(np.array(chances), MARKS, SHARES), chances)
    assert max(said) < 0.5
