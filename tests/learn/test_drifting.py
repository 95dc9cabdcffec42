"""Drift is nothing where nothing moved, more the further it moved, and sees what became unknown."""

from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from tactful.learn.drifting import LEAST, drift, drifts, strangers

WAS = np.linspace(0, 1, 400)


def test_the_further_it_moved_the_more() -> None:
    told = [drift(WAS, WAS + by) for by in (0.0, 0.05, 0.2, 0.6)]
    assert told[0] == 0
    assert all(early is not None and late is not None and early < late for early, late in pairwise(told))
    assert told[1] is not None
    assert told[1] < 0.1
    assert told[3] is not None
    assert told[3] > 0.25


def test_what_became_unknown_has_moved() -> None:
    gone = np.where(np.arange(400) % 2 == 0, np.nan, WAS)
    told = drift(WAS, gone)
    assert told is not None
    assert told > 0.25
    assert drift(gone, gone) == 0
    assert drift(np.full(400, np.nan), np.full(400, np.nan)) == 0


@pytest.mark.parametrize("size", [0, LEAST - 1])
def test_few_rows_say_nothing(size: int) -> None:
    assert drift(WAS, WAS[:size]) is None


def test_columns_come_furthest_first() -> None:
    older = pl.DataFrame({"calm": WAS, "moved": WAS, "counts": [1] * 400})
    newer = pl.DataFrame({"calm": WAS, "moved": WAS + 0.5, "counts": [2] * 400})
    told = drifts(older, newer, ["calm", "moved", "counts"])
    assert list(told)[-1] == "calm"
    assert told["calm"] == 0
    assert min(told["moved"], told["counts"]) > 0.25
    assert drifts(older, newer[:3], ["calm"]) == {}
    assert [sentence.split()[1] for sentence in strangers(told)] == list(told)[:-1]
