"""A plain detector for made-up audiences: it notices what has changed, late and sometimes wrongly, as any does.

That it looks for bad moments is the point: by chance alone, what follows them is better.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.lab.simulate.audience import ROUGH, USUAL, engagement

# Stretches of 10 s: of what is now, of what fades, and those kept; how long usual is remembered.
NOW, FADING, KEPT, REMEMBERED = 6, 30, 36, 90.0
# How far below (logarithm) and how surely (deviations); and the score that is low. Source: LOW_ENGAGEMENT of the seed.
FELL, FADED, SURE, LOW = -0.9, -0.45, -3.0, 0.25
# Share of the audience that leaves within FLIGHT stretches.
FLEEING, FLIGHT = 0.24, 9
# Nothing is noticed in the first minutes [stretches].
WARMING = 18


@dataclass(slots=True)
class Noticing:
    """The last stretches of all sessions, newest last, and what is usual in each. heard, exposed: [sessions, KEPT]."""

    heard: Floats
    exposed: Floats
    usual: Floats
    seen: Floats
    stretches: int = 0

    @classmethod
    def of(cls, sessions: int) -> "Noticing":
        """Nothing heard yet: as usual."""
        heard, exposed = np.zeros((2, sessions, KEPT))
        return cls(heard, exposed, np.full(sessions, 20 * USUAL), np.full(sessions, 20.0))

    def hear(self, signals: Floats, viewers: Floats) -> None:
        """One more stretch of 10 s."""
        self.heard = np.column_stack([self.heard[:, 1:], signals])
        self.exposed = np.column_stack([self.exposed[:, 1:], viewers])
        kept = np.exp(-1 / REMEMBERED)
        # Only what is older than what may be fading tells what is usual.
        self.usual = kept * self.usual + self.heard[:, -FADING]
        self.seen = kept * self.seen + self.exposed[:, -FADING]
        self.stretches += 1

    def score(self, stretches: int = NOW) -> Floats:
        """Engagement (0..1) in the last stretches."""
        return engagement(self.heard[:, -stretches:].sum(axis=1), self.exposed[:, -stretches:].sum(axis=1))

    def foreseen(self) -> Floats:
        """What is to be expected next if nothing is done: half as now, half as usual."""
        return 0.5 * (self.score() + engagement(self.usual, self.seen))

    def found(self, *, late: bool) -> NDArray[np.int64]:
        """What is noticed now in each session, as its place in TROUBLES; -1 for nothing. late: near the end."""
        fell, faded = self._below(NOW), self._below(FADING)
        fled = self.exposed[:, -1] < (1 - (0.6 if late else FLEEING)) * self.exposed[:, -FLIGHT - 1]
        signs = (
            fled & (self.exposed[:, -FLIGHT - 1] >= 10),
            (fell[0] < FELL) & (fell[1] < SURE),
            (self.score(3 * NOW) <= LOW),
            (faded[0] < FADED) & (faded[1] < SURE),
        )
        found = np.select(signs, (3, 0, 2, 1), -1)
        return found if self.stretches >= WARMING else np.full_like(found, -1)

    def _below(self, stretches: int) -> tuple[Floats, Floats]:
        """How far what was heard lies from what is usual (logarithm), and in deviations."""
        heard, exposed = self.heard[:, -stretches:].sum(axis=1), self.exposed[:, -stretches:].sum(axis=1)
        usual = self.usual / self.seen
        apart = np.log((heard + 0.5) / (exposed + 0.5 / usual) / usual)
        return apart, apart / np.sqrt(1 / (usual * exposed + 0.5) + 1 / (ROUGH * stretches))
