"""Stretches of a person's time that count for something, so that none counts twice. Pure.

A stretch is a pair of epoch seconds. Whoever has time to count takes the latest that nobody has taken.
"""

from collections.abc import Iterable, Sequence

Stretch = tuple[float, float]

# Less than this is no time: clocks of browsers, and sums of doubles [s].
NOTHING = 1e-4


def claim(low: float, high: float, need: float, taken: Iterable[Stretch]) -> list[Stretch]:
    """Up to `need` seconds between `low` and `high` that are not in `taken`, the latest first; in order of time.

    >>> claim(0, 100, 30, [(80, 95), (20, 40)])
    [(55, 80), (95, 100)]
    """
    got: list[Stretch] = []
    end = high
    for start, stop in sorted(taken, key=lambda each: each[1], reverse=True):
        if need <= NOTHING or end <= low:
            break
        need -= _take(got, max(low, stop), end, need)
        end = min(end, start)
    _take(got, low, end, need)
    return got[::-1]


def _take(got: list[Stretch], start: float, end: float, need: float) -> float:
    """Take the last `need` seconds of a free stretch, and say how many there were."""
    if need <= NOTHING or end - start <= NOTHING:
        return 0.0
    got.append((max(start, end - need), end))
    return got[-1][1] - got[-1][0]


def length(stretches: Iterable[Stretch]) -> float:
    """How long they are together [s]."""
    return sum(end - start for start, end in stretches)


def flat(stretches: Iterable[Stretch]) -> list[float]:
    """As a table keeps them, those that touch as one.

    >>> flat([(10, 20), (0, 10), (30, 40)])
    [0, 20, 30, 40]
    """
    kept: list[float] = []
    for start, end in sorted(stretches):
        if kept and start - kept[-1] <= NOTHING:
            kept[-1] = max(kept[-1], end)
        else:
            kept += [start, end]
    return kept


def pairs(kept: Sequence[float] | None) -> list[Stretch]:
    """The other way."""
    return list(zip(kept[::2], kept[1::2], strict=True)) if kept else []
