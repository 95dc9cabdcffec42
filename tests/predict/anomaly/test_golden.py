"""Golden sequences: fixed counts, and what is told of them to the last digit that is told to people."""

from collections.abc import Callable

import numpy as np
import pytest

from tactful.predict.anomaly import Detector

# Signals of a lively room of 200 viewers, over and over.
CALM = (9, 14, 11, 7, 16, 10, 12)
Told = tuple[int, str, str, float, float, float, float, float, float, int]


def calm(tick: int) -> tuple[int, int]:
    """Viewers and signals of a tick."""
    return 200, CALM[tick % 7]


def drop(tick: int) -> tuple[int, int]:
    return 200, CALM[tick % 7] // (5 if tick >= 100 else 1)


def decline(tick: int) -> tuple[int, int]:
    return 200, int(3 * CALM[tick % 7] * np.interp(tick, [80, 190], [1, 0.25]))


def low(tick: int) -> tuple[int, int]:
    return 200, int(tick % 7 == 0)


def leave(tick: int) -> tuple[int, int]:
    return 120 if tick >= 100 else 200, CALM[tick % 7]


GOLDEN: dict[Callable[[int], tuple[int, int]], list[Told]] = {
    calm: [],
    drop: [
        (107, "SUDDEN_DROP", "critical", 0.636, 0.165, 0.52, -81.7, 5.92, 32.36, 60),
        (213, "LOW_ENGAGEMENT", "critical", 0.636, 0.155, 0.52, -83.1, 5.46, 32.36, 1120),
    ],
    decline: [(169, "GRADUAL_DECLINE", "medium", 0.471, 0.565, 0.759, -58.9, 38.76, 94.32, 770)],
    low: [(13, "LOW_ENGAGEMENT", "critical", 1.0, 0.052, 0.353, -89.9, 1.65, 16.29, 140)],
    leave: [(100, "MASS_EXIT", "high", 0.99, 0.321, 0.535, -40.0, 120.0, 200.0, 80)],
}


@pytest.mark.parametrize("room", GOLDEN, ids=lambda room: str(room.__name__))
def test_these_counts_are_told_as_ever(room: Callable[[int], tuple[int, int]]) -> None:
    detector, told = Detector(), []
    rows = detector.add(1)
    for tick in range(240):
        viewers, signals = room(tick)
        for each in detector.advance(rows, viewers=viewers, signals=signals, elapsed=(tick + 1) / 360):
            numbers = (each.probability, each.score, each.expected_score, each.change, each.now, each.expected)
            told.append((tick, each.kind, each.severity, *numbers, each.seconds))
    assert [each[:3] + each[9:] for each in told] == [each[:3] + each[9:] for each in GOLDEN[room]]
    for mine, golden in zip(told, GOLDEN[room], strict=True):
        assert mine[3:9] == pytest.approx(golden[3:9], rel=2e-3, abs=2e-3)
