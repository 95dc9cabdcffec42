"""How alike two divisions of a series are: by their changes, within a margin, and by their stretches.

A change is the number of the first point of a new stretch; point 0 begins the first one and counts as a change.
Source: van den Burg and Williams 2020, "An evaluation of change point detection algorithms".
"""

from collections.abc import Iterable
from itertools import pairwise

MARGIN = 5


def matched(marked: Iterable[int], said: Iterable[int], margin: int = MARGIN) -> int:
    """How many of `marked` have one of `said` within `margin` points; each of `said` answers one of them only.

    >>> matched([0, 20], [0, 17, 22])
    2
    """
    left, found = set(said), 0
    for change in sorted(set(marked)):
        near = min(left, key=lambda one: (abs(one - change), one), default=None)
        if near is not None and abs(near - change) <= margin:
            left.remove(near)
            found += 1
    return found


def stretches(changes: Iterable[int], size: int) -> list[tuple[int, int]]:
    """First point, and the one behind the last, of each stretch of a series of `size` points.

    >>> stretches([3], 5)
    [(0, 3), (3, 5)]
    """
    edges = [0, *sorted({change for change in changes if 0 < change < size}), size]
    return list(pairwise(edges))


def cover(marked: Iterable[int], said: Iterable[int], size: int) -> float:
    """How well the stretches of `said` cover those of `marked`: mean best overlap, by length [0..1].

    Overlap of two stretches: points in both over points in either (Jaccard).

    >>> cover([5], [5], 10)
    1.0
    """
    others = stretches(said, size)
    covered = (
        (end - start) * max(_overlap(start, end, *each) for each in others) for start, end in stretches(marked, size)
    )
    return sum(covered) / size


def _overlap(start: int, end: int, other_start: int, other_end: int) -> float:
    both = max(0, min(end, other_end) - max(start, other_start))
    return both / (end - start + other_end - other_start - both)
