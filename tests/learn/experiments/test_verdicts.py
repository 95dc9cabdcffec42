"""What a test says: nothing too early, nothing where people were lost, and a word for what is sure."""

import math

import numpy as np
import pytest

from tactful.learn.experiments.ratio import ALARM, mismatch
from tactful.learn.experiments.sequence import LEAST, compared
from tactful.learn.experiments.verdicts import Side, harmful, told, winner


def side(name: str, settled: int, answered: int, *, exposed: int | None = None) -> Side:
    """A variant that had its half of everybody for two days, and knew nothing after the first."""
    seen = settled if exposed is None else exposed
    return Side(name, 1, [seen, seen], [seen, seen], [0, settled], [0, answered])


@pytest.mark.parametrize(
    ("answered", "verdict", "words"),
    [(60, "open", "Open:"), (160, "better", '"other" surely does better'), (10, "harm", '"other" does harm')],
)
def test_what_is_sure_has_a_word(answered: int, verdict: str, words: str) -> None:
    found = told([side("as now", 500, 60), side("other", 500, answered)], margin=0.02)
    assert found["verdict"] == found["variants"][1]["verdict"] == verdict
    assert found["words"].startswith(words)
    assert winner(found) == ("other" if verdict == "better" else None)
    assert harmful(found) == (["other"] if verdict == "harm" else [])


def test_worse_by_no_more_than_the_margin_is_no_harm() -> None:
    sides = [side("as now", 4000, 800), side("other", 4000, 560)]
    low, high = (told(sides, 0.0)["variants"][1][end] for end in ("low", "high"))
    assert low < high < -0.02
    assert [told(sides, margin)["verdict"] for margin in (0.0, 0.02, -high, 0.2)] == ["harm", "harm", "worse", "worse"]


def test_before_enough_people_are_known_nothing_is_said() -> None:
    found = told([side("as now", 300, 20), side("other", LEAST - 1, LEAST - 1)], margin=0.0)
    assert (found["verdict"], found["variants"][1]["difference"]) == ("too_early", None)
    assert found["over_time"]["other"] == [{"difference": None, "low": None, "high": None}] * 2
    assert told([Side("a", 1, [], [], [], []), Side("b", 1, [], [], [], [])], 0.0)["verdict"] == "too_early"


def test_where_people_were_lost_on_the_way_nothing_is_promoted() -> None:
    found = told([side("as now", 500, 60, exposed=1000), side("other", 500, 160, exposed=700)], margin=0.0)
    assert found["ratio"]["broken"]
    assert found["words"].startswith("Not to be trusted")
    assert winner(found) is None


def test_one_variant_of_many_must_be_surer_than_one_alone() -> None:
    tries, hits = np.array([500]), np.array([100])
    alone, among = (compared(tries, hits, tries, np.array([60]), ways=ways) for ways in (1, 5))
    assert among.low[0] < alone.low[0] < alone.high[0] < among.high[0]
    assert among.p[0] > alone.p[0]


@pytest.mark.parametrize("hits", [60, 80, 90, 100, 120, 200])
def test_the_p_value_is_below_five_per_cent_where_the_interval_leaves_nothing_out(hits: int) -> None:
    tries = np.array([700])
    found = compared(tries, np.array([hits]), tries, np.array([80]))
    assert (found.p[0] < 0.05) == (found.low[0] > 0 or found.high[0] < 0)


def test_a_mismatch_is_found_and_evenness_is_not_one() -> None:
    assert mismatch([5000, 5000], [1, 1]) == mismatch([0, 0], [1, 1]) == 1.0
    assert mismatch([9000, 1000], [9, 1]) == 1.0
    assert mismatch([5000, 4500], [1, 1]) < ALARM < mismatch([5000, 4900], [1, 1])
    assert math.isfinite(mismatch([10**7, 0], [1, 1]))
