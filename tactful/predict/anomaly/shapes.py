"""The bank of shapes: every course a room's level may have taken since every onset that is thought of.

A shape is a column: its kind, its onset's slot and how the log rate departs from the level `age` ticks after the onset.
Onsets lie on a grid; each kind has as many slots as onsets are thought about at once, used in turn, so which column has
which age follows from a session's own tick alone. All ages repeat after one cycle (4,200 ticks with the usual numbers),
which is laid out as a table once: rows are then looked up, not computed.
"""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import lcm

import numpy as np
from numpy.typing import NDArray

from tactful.predict.anomaly.numbers import DECLINE, DROP, LOW, Numbers, Singles

# Beside the kinds that are told: low engagement from the first tick on, and what passes by itself.
FROM_START, PASSING = 3, 4
GROUPS = 5
# A decline never takes everything.
LEAST_LEFT = 1e-3

Columns = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bank:
    """All shapes as columns.

    group: [columns] kind of each. heights: [cycle, columns] change of the log rate. ages: [cycle, columns] ticks since
    the onset. begin: [cycle / grid, columns that begin] which columns begin anew at each point of the grid.
    mark: differs where a column means another shape.
    """

    group: Columns
    heights: Singles
    ages: Columns
    begin: Columns
    mark: str

    @property
    def size(self) -> int:
        """How many columns there are."""
        return int(self.group.size)

    def part(self, group: int) -> slice:
        """The columns of a group, which lie side by side."""
        found = np.flatnonzero(self.group == group)
        return slice(int(found[0]), int(found[-1]) + 1)


@lru_cache(maxsize=8)
def bank(numbers: Numbers) -> Bank:
    """The bank of `numbers`, made once.

    >>> bank(Numbers()).size
    319
    """
    group, slot, slots, size, lasts = (np.array(column) for column in zip(*_columns(numbers), strict=True))
    grid = numbers.grid
    rounds = lcm(*(int(count) for count in slots))
    ticks = np.arange(rounds * grid)[:, None]
    ages = np.where(group == FROM_START, ticks, (ticks // grid - slot) % slots * grid + ticks % grid)
    heights = _heights(numbers, group, size, lasts, ages).astype(np.float32)
    turn = (np.arange(rounds)[:, None] % slots == slot) & (group != FROM_START)
    begin = np.stack([np.flatnonzero(row) for row in turn])
    # Of the numbers, not of the heights: another processor may round those in another way.
    mark = sha256(repr((grid, numbers.low_slide, _columns(numbers))).encode())
    return Bank(group, heights, ages, begin, mark.hexdigest()[:16])


def _columns(numbers: Numbers) -> list[tuple[int, int, int, float, int]]:
    """Group, slot, slots, size and duration of each column."""
    timed = [(DROP, numbers.drop_age, [(size, 1) for size in numbers.drop])]
    timed += [(DECLINE, numbers.decline_age, list(numbers.decline))]
    timed += [(LOW, numbers.low_age, [(size, 1) for size in numbers.low])]
    passing = (PASSING, numbers.passing_age, list(numbers.passing))
    start = [(FROM_START, 0, 1, size, 1) for size in numbers.low]
    return [*_slots(numbers.grid, *timed), *start, *_slots(numbers.grid, passing)]


def _slots(grid: int, *kinds: tuple[int, int, list[tuple[float, int]]]) -> list[tuple[int, int, int, float, int]]:
    return [
        (group, slot, age // grid, size, lasts)
        for group, age, shapes in kinds
        for slot in range(age // grid)
        for size, lasts in shapes
    ]


def _heights(numbers: Numbers, group: Columns, size: Singles, lasts: Columns, ages: Columns) -> Singles:
    """Change of the log rate in each column at each age."""
    ramp = np.log(np.maximum(1 - np.abs(size) * np.minimum(1, ages / lasts), LEAST_LEFT))
    slide = np.log(1 - (1 - np.exp(size)) * np.minimum(1, (ages + 1) / numbers.low_slide))
    over = np.where(ages >= lasts, 0, size)
    steady = np.broadcast_to(size, ages.shape)
    return np.select([group == DECLINE, group == LOW, group == PASSING], [ramp, slide, over], steady)
