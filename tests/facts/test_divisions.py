"""Two divisions of a series beside each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.divisions import cover, matched, stretches

EDGES = st.sets(st.integers(1, 39), max_size=6)


def test_each_change_that_was_said_answers_one_mark_only() -> None:
    assert matched([10, 12, 14], [12]) == 1
    assert matched([10, 12, 14], [9, 13, 40]) == 2


def test_a_change_outside_the_margin_is_not_found() -> None:
    assert matched([20], [26]) == 0
    assert matched([20], [25]) == 1
    assert matched([20], [26], 6) == 1


def test_changes_at_the_ends_divide_nothing() -> None:
    assert stretches([0, 10, 3, 3], 10) == [(0, 3), (3, 10)]


@pytest.mark.parametrize(
    ("marked", "said", "share"), [([5], [], 0.5), ([], [5], 0.5), ([4], [5], 0.4 * 0.8 + 0.6 * 5 / 6)]
)
def test_cover_is_the_mean_best_overlap_by_length(marked: list[int], said: list[int], share: float) -> None:
    assert cover(marked, said, 10) == pytest.approx(share)


@given(EDGES, EDGES)
def test_agreement_lies_between_none_and_all_and_is_whole_only_for_equals(marked: set[int], said: set[int]) -> None:
    assert 0 < cover(marked, said, 40) <= 1
    assert (cover(marked, said, 40) == pytest.approx(1)) == (marked == said)
    assert matched(marked, marked) == len(marked)
    assert matched(marked, said) <= min(len(marked), len(said))
