"""Moving running state on with a whole log at once: everybody's first event, then everybody's second, and so on.

State depends on the state before it, so one key's events cannot be done at once; but those of different keys can.
A group of new events takes one or two rounds, whoever they are about.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats

Columns = dict[str, Floats]
Step = Callable[[Columns, Columns], Columns]


def rounds(keys: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Row numbers: first those of each key's first row, then of its second, and so on.

    >>> [rows.tolist() for rows in rounds(np.array([7, 7, 3, 7]))]
    [[0, 2], [1], [3]]
    """
    order = np.argsort(keys, kind="stable")
    held = keys[order]
    starts = np.flatnonzero(np.r_[True, held[1:] != held[:-1]]) if keys.size else np.empty(0, dtype=np.int64)
    turn = np.empty(keys.size, dtype=np.int64)
    turn[order] = np.arange(keys.size) - np.repeat(starts, np.diff(np.r_[starts, keys.size]))
    rows = np.argsort(turn, kind="stable")
    yield from np.split(rows, np.cumsum(np.bincount(turn))[:-1]) if keys.size else ()


def in_rounds(
    keys: NDArray[np.int64], state: Mapping[str, Floats], happened: Columns, step: Step
) -> tuple[Columns, Columns]:
    """How the state stood before each row, and how it stands after all of them.

    keys: for each row, which row of `state` it moves on. happened: columns of the same length. step: from rows
    of state and what happened to the rows as they are afterwards; a column it leaves out stays as it was.
    """
    after = {name: column.copy() for name, column in state.items()}
    before = {name: np.empty((keys.size, *column.shape[1:])) for name, column in state.items()}
    for rows in rounds(keys):
        at = keys[rows]
        stood = {name: column[at] for name, column in after.items()}
        for name, column in stood.items():
            before[name][rows] = column
        for name, column in step(stood, {name: column[rows] for name, column in happened.items()}).items():
            after[name][at] = column
    return before, after


def running(keys: NDArray[np.int64], start: Floats, add: Floats) -> tuple[Floats, Floats]:
    """A sum for each key as it stood before each row, and after all of them.

    >>> before, after = running(np.array([0, 1, 0]), np.array([1.0, 5.0]), np.array([2.0, 3.0, 4.0]))
    >>> before.tolist(), after.tolist()
    ([1.0, 5.0, 3.0], [7.0, 8.0])
    """
    before = np.empty(keys.size)
    after = start.copy()
    for rows in rounds(keys):
        before[rows] = after[keys[rows]]
        after[keys[rows]] += add[rows]
    return before, after
