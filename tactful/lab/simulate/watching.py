"""What is heard after a moment, with what was done and without it, until it can be told what came of it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.lab.simulate.audience import engagement

# How long after a moment engagement is told [s].
WATCHED = 120

Row = dict[str, Any]


class Watching:
    """At most one moment of each session. open: which are watched; acted; effect: what it adds while it is watched."""

    def __init__(self, sessions: int) -> None:
        self.open: NDArray[np.bool_] = np.zeros(sessions, dtype=np.bool_)
        self.acted: NDArray[np.bool_] = np.zeros(sessions, dtype=np.bool_)
        self.effect, self._until = np.zeros((2, sessions))
        self._without, self._done, self._exposed = np.zeros((3, sessions))
        self._rows: dict[int, Row] = {}

    def begin(self, session: int, row: Row, *, effect: float, until: float) -> None:
        """Watch a moment (`row`) until a second."""
        self.open[session], self.acted[session] = True, row["acted"]
        self.effect[session], self._until[session] = effect, until
        self._without[session] = self._done[session] = self._exposed[session] = 0.0
        self._rows[session] = row

    def hear(self, without: Floats, done: Floats, viewers: Floats, second: int) -> NDArray[np.bool_]:
        """One more stretch, heard both ways; which moments are over with it."""
        self._without += without
        self._done += done
        self._exposed += viewers
        return self.open & (self._until <= second)

    def settle(self, over: NDArray[np.bool_]) -> list[Row]:
        """The rows of moments that are over, with `after` as it came, and both ways; they are watched no longer."""
        ways = engagement(self._without, self._exposed), engagement(self._done, self._exposed)
        told = []
        for session in np.flatnonzero(over):
            row, without, done = self._rows.pop(int(session)), float(ways[0][session]), float(ways[1][session])
            told.append(row | {"after": done if row["acted"] else without, "without": without, "done": done})
        self.open[over] = self.acted[over] = False
        self.effect[over] = 0.0
        return told
