"""What befalls made-up audiences: they fall silent, fade, stay low or leave; and mostly it passes by itself."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.scenarios import Scenario

# As troubles are numbered here: none, those of TROUBLES in order, and a burst of liveliness.
NONE, DROP, DECLINE, LOW, EXIT, BURST = range(6)
# By number: mean time until it passes, how long it takes to be all there, how deep it goes at least and at most
# (logarithm of what is heard).
LASTING = np.array([1.0, 120.0, 900.0, 600.0, 240.0, 90.0])
SLIDE = np.array([60.0, 10.0, 500.0, 120.0, 10.0, 10.0])
SHALLOW = np.array([0.0, -0.7, -0.7, -1.2, -0.3, 0.4])
DEEP = np.array([0.0, -2.2, -1.8, -2.2, -1.0, 1.2])
# How fast people leave in an exit [share a second], and for how long [s].
RUSH, RUSHING = 1 / 200, 90.0


@dataclass(slots=True)
class Troubles:
    """Of each session: which trouble, its age and how long it lasts [s], how deep it goes and how deep it is by now."""

    which: NDArray[np.int64]
    age: Floats
    lasting: Floats
    bottom: Floats
    depth: Floats

    @classmethod
    def of(cls, sessions: int) -> "Troubles":
        """No trouble yet."""
        return cls(np.zeros(sessions, dtype=np.int64), *np.zeros((4, sessions)))

    @property
    def leaving(self) -> Floats:
        """Share of the audience that leaves because of it, each second."""
        return np.where((self.which == EXIT) & (self.age < RUSHING), RUSH, 0.0)

    def advance(self, luck: Luck, second: int, step: int, scenario: Scenario) -> None:
        """Let `step` seconds pass: troubles pass, deepen, or begin; one at a time."""
        self.age = self.age + step
        over = self.age >= self.lasting
        self.which = np.where(over, NONE, self.which)
        self._begin(luck, second, step, scenario)
        self.depth = self.depth + (self.bottom - self.depth) * -np.expm1(-step / SLIDE[self.which])

    def befall(self, which: int, *, lasting: float, bottom: float) -> None:
        """Let this trouble begin now in every session, whatever went on there. lasting [s]; bottom: see above."""
        self.which = np.full_like(self.which, which)
        self.age, self.lasting, self.bottom = np.zeros_like(self.age), self.age * 0 + lasting, self.age * 0 + bottom

    def _begin(self, luck: Luck, second: int, step: int, scenario: Scenario) -> None:
        often = np.array([*scenario.hourly, scenario.bursts]) * step / 3_600
        drawn = luck.uniform(second, 20)
        free = self.which == NONE
        begins = np.searchsorted(often.cumsum(), drawn, side="right") + 1
        new = np.where(free & (begins <= often.size), begins, NONE)
        fresh = new != NONE
        self.which = np.where(fresh, new, self.which)
        self.age = np.where(fresh, 0.0, self.age)
        lasting = -np.log(luck.uniform(second, 21)) * LASTING[self.which]
        self.lasting = np.where(fresh, lasting, self.lasting)
        bottom = SHALLOW[self.which] + (DEEP - SHALLOW)[self.which] * luck.uniform(second, 22)
        self.bottom = np.where(fresh, bottom, np.where(self.which == NONE, 0.0, self.bottom))
