"""Changes are found where there are some, at any scale, and not where there are none."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.additive import Floats
from tactful.predict.plateau.changes import changes
from tactful.predict.plateau.pieces import costs, divisions
from tests.predict.plateau.learners import draws

SEED = 5


def noise(size: int, number: int) -> Floats:
    """About normal, variance 1, the same every time."""
    drawn: Floats = draws(size * 12, number, SEED).reshape(size, 12).sum(axis=1) - 6
    return drawn


def found(values: Floats, *, spikes: bool = True) -> list[int]:
    return [int(edge) for edge in changes(values[None], spikes=spikes)[0] if edge < values.size]


def near(edges: list[int], *wanted: int, margin: int = 3) -> bool:
    return len(edges) == len(wanted) and all(abs(a - b) <= margin for a, b in zip(edges, wanted, strict=True))


LEVELS = np.repeat([0.0, 4.0, 1.0], 40) + 0.5 * noise(120, 1)
BEND = np.concatenate([np.arange(60) * 0.5, 30 - np.arange(60) * 0.3]) + noise(120, 2)


def test_steps_and_bends_are_found() -> None:
    assert near(found(LEVELS), 40, 80)
    assert near(found(BEND), 60)


@pytest.mark.parametrize("number", range(10, 20))
def test_noise_and_plain_trends_have_no_change(number: int) -> None:
    hiss = noise(100, number)
    assert found(hiss) == []
    assert found(hiss + 0.2 * np.arange(100)) == []


def test_single_points_far_off_are_no_changes_and_hide_none() -> None:
    for place in (10, 55, 100):
        spiked = LEVELS.copy()
        spiked[place] += 60
        assert near(found(spiked), 40, 80)


@pytest.mark.parametrize(("factor", "offset"), [(1e-6, 0.0), (1e6, 1e8), (-3.0, 7.0)])
def test_neither_unit_nor_origin_matters(factor: float, offset: float) -> None:
    assert found(LEVELS * factor + offset) == found(LEVELS)


def test_a_series_that_never_moves_or_is_too_short_has_no_change() -> None:
    assert found(np.full(50, 3.7)) == []
    assert found(np.array([0.0, 0.0, 9.0, 9.0, 9.0])) == []
    assert changes(np.zeros((0, 20))).shape == (0, 1)


def test_a_change_too_small_to_be_seen_is_none() -> None:
    # every bend of a smooth curve could be said to be a change; nobody would mark forty of them
    curve = np.linspace(0, 1, 200) ** 2
    assert len(found(curve)) <= 2


def test_each_series_is_judged_as_if_alone() -> None:
    every = np.stack([LEVELS, BEND, noise(120, 3)])
    together = changes(every)
    for row, values in enumerate(every):
        assert [int(edge) for edge in together[row] if edge < 120] == found(values)


@given(st.lists(st.integers(0, 4), min_size=6, max_size=10), st.integers(0, 2))
def test_the_best_division_is_the_best_of_all(heights: list[int], number: int) -> None:
    values = np.array(heights, dtype=np.float64)
    for cost in costs(values[None]):
        best = divisions(cost, 3, 2)
        every = [
            sum(cost[0, end, start] for start, end in zip((0, *cuts), (*cuts, values.size), strict=True))
            for cuts in combinations(range(2, values.size - 1), number)
            if all(b - a >= 2 for a, b in zip((0, *cuts), (*cuts, values.size), strict=True))
        ]
        if every:
            assert best.left[0, number] == pytest.approx(min(every), abs=1e-9)
            cuts = tuple(int(edge) for edge in best.edges[0, number, :number])
            told = sum(cost[0, b, a] for a, b in zip((0, *cuts), (*cuts, values.size), strict=True))
            assert told == pytest.approx(best.left[0, number], abs=1e-9)


def test_costs_are_the_squares_that_mean_and_line_leave() -> None:
    means, lines = costs(LEVELS[None])
    piece, at = LEVELS[7:31], np.arange(24)
    left = piece - np.polyval(np.polyfit(at, piece, 1), at)
    assert means[0, 31, 7] == pytest.approx(((piece - piece.mean()) ** 2).sum())
    assert lines[0, 31, 7] == pytest.approx((left**2).sum())
    assert np.isinf(means[0, 7, 31])
