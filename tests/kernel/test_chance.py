"""Chance is a function: equal for one and for many, different for different questions, evenly spread."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.kernel.chance import draw, mix

WORDS = st.integers(0, 2**64 - 1)
IDS = st.integers(1, 2**63 - 1)
# Published: replay depends on them.
PUBLISHED = [0.8993856965581464, 0.3381666012719897]


@given(WORDS, WORDS)
def test_mixing_stays_within_sixty_four_bits(key: int, value: int) -> None:
    assert 0 <= mix(key, value) < 2**64


@given(st.integers(0, 2**63 - 1), st.lists(IDS, min_size=1, max_size=50), st.integers(0, 2**40), st.integers(0, 9))
def test_one_person_draws_the_same_alone_and_in_a_batch(seed: int, people: list[int], tick: int, number: int) -> None:
    together = draw(seed, np.array(people, np.uint64), tick, number)
    assert together.tolist() == [draw(seed, person, tick, number) for person in people]


@given(st.integers(0, 2**63 - 1), IDS, st.integers(0, 2**40), st.integers(0, 9))
def test_a_draw_lies_from_zero_up_to_one(seed: int, person: int, tick: int, number: int) -> None:
    assert 0 <= draw(seed, person, tick, number) < 1


@pytest.mark.parametrize("other", [(8, 42, 1, 0), (7, 43, 1, 0), (7, 42, 2, 0), (7, 42, 1, 1)])
def test_another_question_draws_another_number(other: tuple[int, int, int, int]) -> None:
    assert draw(*other) != draw(7, 42, 1, 0)


def test_draws_are_the_same_in_every_version() -> None:
    assert [draw(7, 42, 1, 0), draw(0, 1, 0, 0)] == PUBLISHED


def test_draws_are_spread_evenly() -> None:
    draws = draw(7, np.arange(1, 100_001, dtype=np.uint64), 1, 0)
    counts = np.histogram(draws, bins=100, range=(0, 1))[0]
    # Chi squared with 99 degrees of freedom stays under 160 in all but one of ten thousand.
    assert ((counts - 1000) ** 2 / 1000).sum() < 160


def test_draws_of_neighbours_are_unrelated() -> None:
    people = np.arange(1, 100_001, dtype=np.uint64)
    first, second = draw(7, people, 1, 0), draw(7, people, 1, 1)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.02
    assert abs(np.corrcoef(first[1:], first[:-1])[0, 1]) < 0.02
