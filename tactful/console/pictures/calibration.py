"""What was said against what came: on the diagonal, both are the same."""

from collections.abc import Sequence
from dataclasses import dataclass

LEAST, MOST = 1.2, 4.0


@dataclass(frozen=True, slots=True)
class Dot:
    """Beliefs of about the same strength. x: what was said, y: what came [%, y from above]; size: radius [%]."""

    x: float
    y: float
    size: float
    told: str


@dataclass(frozen=True, slots=True)
class Calibration:
    """Dots in a square whose diagonal is the truth."""

    dots: tuple[Dot, ...]
    told: str


def calibration(bins: Sequence[tuple[float, float, int]], *, told: str) -> Calibration:
    """Of what was said, what came (both shares) and how many there were.

    >>> calibration([(0.2, 0.25, 40)], told="").dots[0].told
    'Said 20 %, came 25 %, of 40.'
    """
    most = max((many for _, _, many in bins), default=1) or 1
    dots = tuple(
        Dot(
            round(100 * said, 2),
            round(100 - 100 * came, 2),
            round(LEAST + (MOST - LEAST) * (many / most) ** 0.5, 2),
            f"Said {100 * said:.0f} %, came {100 * came:.0f} %, of {many:,}.",
        )
        for said, came, many in bins
        if many
    )
    return Calibration(dots, told)
