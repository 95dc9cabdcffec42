"""Shares are exact at every moment, one by one as in batches of any size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.learn.experiments.assigning import assigned, shuffled

PARTS = st.lists(st.integers(1, 200), min_size=2, max_size=6)


def one_by_one(parts: list[int], many: int, seed: int) -> list[int]:
    counts, given = [0] * len(parts), list[int]()
    for _ in range(many):
        (variant,) = assigned(counts, parts, 1, seed=seed)
        counts[variant] += 1
        given.append(variant)
    return given


@given(PARTS, st.integers(0, 2**32))
def test_nobody_is_ever_a_whole_person_off_their_share(parts: list[int], seed: int) -> None:
    counts = [0] * len(parts)
    for people, variant in enumerate(assigned(counts, parts, min(sum(parts), 300), seed=seed), start=1):
        counts[variant] += 1
        assert all(
            abs(count * sum(parts) - part * people) < sum(parts) for count, part in zip(counts, parts, strict=True)
        )


@given(PARTS, st.integers(0, 2**32), st.integers(1, 60), st.integers(0, 60))
def test_a_batch_gets_what_the_same_people_get_one_by_one(parts: list[int], seed: int, many: int, first: int) -> None:
    alone = one_by_one(parts, first + many, seed)
    before = [alone[:first].count(place) for place in range(len(parts))]
    assert assigned(before, parts, many, seed=seed) == alone[first:]


def test_shares_that_leave_the_furthest_behind_a_whole_person_late_are_kept() -> None:
    parts = [4, 15, 12, 55, 4, 45]
    given = assigned([0] * 6, parts, 135, seed=1)
    assert [given.count(place) for place in range(6)] == parts


@pytest.mark.parametrize("seed", range(5))
def test_who_comes_first_is_up_to_chance(seed: int) -> None:
    firsts = [assigned([0, 0], [1, 1], 1, seed=each)[0] for each in range(seed * 400, seed * 400 + 400)]
    assert 150 < sum(firsts) < 250
    order = shuffled(range(100), seed=seed)
    assert sorted(order) == list(range(100))
    assert order != sorted(order)
    assert shuffled(range(99, -1, -1), seed=seed) == order
