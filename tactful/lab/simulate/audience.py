"""Made-up audiences: who is there and what is heard of them, of many sessions at once, in steps of any length.

They come in the first minutes, go to breaks and come back, drift away, and leave at the end. How much they do wanders
around their own level, and troubles befall them that mostly pass by themselves. Level, wandering and roughness are
those measured in the public sessions that noticing is judged on.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.facts.engagement import BELIEVED
from tactful.facts.engagement import USUAL as ORDINARY
from tactful.lab.simulate.luck import Luck, poisson, rough
from tactful.lab.simulate.scenarios import Scenario
from tactful.lab.simulate.troubles import Troubles

# Signals per viewer and 10 s where an audience is as usual, and how far sessions differ (logarithm).
USUAL, APART = float(np.exp(ORDINARY[0])), 0.5
# How far the level wanders (logarithm), how long it remembers [s], and how rough ten seconds are.
WANDER, MEMORY, ROUGH = 0.25, 300.0, 3.7
# Mean time until somebody comes, drifts away, goes to a break, comes back, and leaves at the end [s].
COMING, DRIFTING, PAUSING, RETURNING, ENDING = 150.0, 9_000.0, 60.0, 90.0, 1_500.0
# Of a break: share of sessions that have one, when it begins (share of the session), how long it is [s], what is heard.
BREAKS, HALFWAY, PAUSE, QUIET = 0.3, 0.5, 300.0, 0.15
# Engagement is held between these, whatever is done.
LOWEST, HIGHEST = 0.02, 0.97


def engagement(signals: Floats, exposure: Floats) -> Floats:
    """How engaged (0..1), where one half is as usual. exposure: viewers times stretches of 10 s.

    The activity of `facts.engagement`, over a stretch instead of faded.
    """
    rate = (signals + BELIEVED) / (exposure + BELIEVED / USUAL)
    found: Floats = rate / (rate + USUAL)
    return found


@dataclass(slots=True)
class Audience:
    """All sessions of a run. seconds: how long each is; second: how far they are; arrays have a place for each.

    viewers: there now; waiting: still to come; away: in the break, coming back.
    """

    scenario: Scenario
    luck: Luck
    seconds: int = 3_600
    second: int = 0
    viewers: Floats = field(init=False)
    waiting: Floats = field(init=False)
    away: Floats = field(init=False)
    level: Floats = field(init=False)
    joined: Floats = field(init=False)
    left: Floats = field(init=False)
    rate: Floats = field(init=False)
    _wander: Floats = field(init=False)
    _breaks: NDArray[np.bool_] = field(init=False)
    _troubles: Troubles = field(init=False)

    def __post_init__(self) -> None:
        """The audiences before the beginning."""
        luck, scenario = self.luck, self.scenario
        spread = np.log(scenario.largest / scenario.smallest)
        self.waiting = np.round(scenario.smallest * np.exp(spread * luck.uniform(0, 1)))
        self.viewers, self.away = np.round(0.3 * self.waiting), np.zeros(self.waiting.size)
        self.waiting = self.waiting - self.viewers
        self.level = scenario.level + APART * luck.normal(0, 2)
        self._wander = WANDER * luck.normal(0, 3)
        self._breaks = luck.uniform(0, 4) < BREAKS
        self._troubles = Troubles.of(self.waiting.size)
        self.joined = self.left = self.rate = np.zeros(self.waiting.size)

    @property
    def pausing(self) -> NDArray[np.bool_]:
        """Which sessions are in their planned break."""
        begins = HALFWAY * self.seconds
        return self._breaks & (begins <= self.second < begins + PAUSE)

    def befall(self, which: int, *, lasting: float, bottom: float) -> None:
        """Let a trouble (`troubles`) begin now. lasting [s]; bottom: how deep it goes (logarithm of what is heard)."""
        self._troubles.befall(which, lasting=lasting, bottom=bottom)

    def advance(self, step: int) -> None:
        """Let `step` seconds pass: who comes and goes, and how much each who is there does (`rate`, each 10 s)."""
        self.second += step
        self._troubles.advance(self.luck, self.second, step, self.scenario)
        self._move(step)
        kept = float(np.exp(-step / MEMORY))
        moved = self.luck.normal(self.second, 5)
        self._wander = kept * self._wander + WANDER * np.sqrt(1 - kept * kept) * moved
        mean = np.exp(self.level + self._wander + self._troubles.depth) * np.where(self.pausing, QUIET, 1.0)
        # Ten seconds are rough together, however short the steps.
        self.rate = rough(mean, self.luck.normal((self.second - 1) // 10, 6), ROUGH)

    def hear(self, step: int, lifted: Floats | None = None) -> Floats:
        """Signals of each session in the `step` seconds that have passed. lifted: engagement added to each (0..1).

        The same seconds may be heard again with something else added: with the same luck.
        """
        chance = self.luck.uniform(self.second, 7)
        return poisson(raised(self.rate, lifted) * self.viewers * step / 10, chance)

    def _move(self, step: int) -> None:
        pausing, ending = self.pausing, self.second > 0.9 * self.seconds
        come = self._some(self.waiting, step / COMING, 8)
        back = self._some(self.away, np.where(pausing, 0.0, step / RETURNING), 9)
        pause = self._some(self.viewers, np.where(pausing, step / PAUSING, 0.0), 10)
        going = (1 / ENDING if ending else 1 / DRIFTING) + self._troubles.leaving
        leave = np.minimum(self._some(self.viewers, step * going, 11), self.viewers - pause)
        self.waiting, self.away = self.waiting - come, self.away + pause - back
        self.viewers = self.viewers + come + back - pause - leave
        self.joined, self.left = come + back, pause + leave

    def _some(self, of: Floats, share: Floats | float, question: int) -> Floats:
        """How many of so many, each with that chance, at most all."""
        chance = self.luck.uniform(self.second, question)
        return np.minimum(poisson(of * -np.expm1(-np.asarray(share)), chance), of)


def raised(rate: Floats, lifted: Floats | None) -> Floats:
    """`rate` such that engagement is higher by so much."""
    if lifted is None:
        return rate
    before = rate / (rate + USUAL)
    after = np.where(lifted == 0, before, (before + lifted).clip(LOWEST, np.maximum(HIGHEST, before)))
    found: Floats = USUAL * after / (1 - after)
    return found
