"""State moves on in rounds as it would one row after another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tactful.facts.rounds import Columns, in_rounds, rounds, running

KEYS = st.lists(st.integers(0, 5), max_size=40).map(lambda keys: np.array(keys, dtype=np.int64))


@given(KEYS)
def test_every_row_comes_once_and_a_keys_rows_in_their_order(keys: np.ndarray) -> None:
    turns = list(rounds(keys))
    rows = np.concatenate(turns) if turns else np.empty(0, dtype=np.int64)
    assert sorted(rows.tolist()) == list(range(keys.size))
    for turn in turns:
        assert len(set(keys[turn].tolist())) == turn.size
    for key in set(keys.tolist()):
        own = rows[keys[rows] == key]
        assert (np.diff(own) > 0).all()


@given(KEYS)
def test_rounds_leave_what_one_row_after_another_leaves(keys: np.ndarray) -> None:
    add = np.arange(keys.size, dtype=np.float64)

    def step(row: Columns, happened: Columns) -> Columns:
        return {"level": 0.5 * row["level"] + happened["add"]}

    before, after = in_rounds(keys, {"level": np.ones(6), "untouched": np.arange(6.0)}, {"add": add}, step)
    level, stood = np.ones(6), []
    for key, more in zip(keys, add, strict=True):
        stood.append(level[key])
        level[key] = 0.5 * level[key] + more
    assert before["level"].tolist() == stood
    assert after["level"].tolist() == level.tolist()
    assert after["untouched"].tolist() == list(range(6))


def test_what_went_in_is_left_alone() -> None:
    start = np.ones(2)
    running(np.array([0, 1, 0]), start, np.ones(3))
    in_rounds(np.array([0]), {"a": start}, {}, lambda row, _: {"a": row["a"] + 1})
    assert start.tolist() == [1, 1]


def test_a_running_sum_is_that_of_each_key_alone() -> None:
    before, after = running(np.array([1, 0, 1, 1]), np.zeros(2), np.array([1.0, 5.0, 2.0, 4.0]))
    assert before == pytest.approx([0, 0, 1, 3])
    assert after == pytest.approx([5, 7])
