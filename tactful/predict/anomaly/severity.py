"""How grave an anomaly is: by the share that was lost, of signals or of viewers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.kernel.settings import Settings
from tactful.predict.anomaly import settings as rows
from tactful.predict.anomaly.numbers import EXIT

SEVERITIES = ("low", "medium", "high", "critical")


@dataclass(frozen=True, slots=True)
class Grades:
    """Shares lost from which a change of level is medium, high and critical, and a mass exit critical."""

    medium: float
    high: float
    critical: float
    exit_critical: float

    @classmethod
    def of(cls, settings: Settings) -> "Grades":
        """As an operator set them."""
        return cls(*(settings[row] for row in (rows.MEDIUM, rows.HIGH, rows.CRITICAL, rows.EXIT_CRITICAL)))

    def grade(self, kind: NDArray[np.integer], lost: NDArray[np.floating]) -> NDArray[np.int64]:
        """[n] Places in SEVERITIES. lost: share lost [0..1]. A mass exit is high at least.

        >>> Grades(0.4, 0.6, 0.8, 0.5).grade(np.array([0, 2, 3, 3]), np.array([0.3, 0.8, 0.3, 0.5])).tolist()
        [0, 3, 2, 3]
        """
        level = np.searchsorted([self.medium, self.high, self.critical], lost, side="right")
        leaving = np.where(lost < self.exit_critical, 2, 3)
        return np.where(kind == EXIT, leaving, level)
