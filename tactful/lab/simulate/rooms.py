"""An evening of made-up sessions: noticed, chosen by the policy that serves, acted upon or left alone, and settled.

Of every moment both endings are known, with and without, from the same luck: that is what no real evening tells.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.decide.policies import Policy
from tactful.facts.additive import Floats
from tactful.facts.rooms import context, phase, size
from tactful.lab.simulate.audience import Audience
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.noticing import Noticing
from tactful.lab.simulate.scenarios import EXPECTED, TROUBLES, Scenario
from tactful.lab.simulate.watching import WATCHED, Row, Watching

# One stretch, and how long the effect of what was done takes to fade once it is no longer watched [s].
STEP, FADING = 10, 60.0
# For so long after a moment nothing is noticed: what comes is still the same trouble [s].
RESTING = 60
# How differently sessions take to the same thing: a factor of mean 1 with this deviation.
TAKING = 0.3
# Questions put to chance.
TAKES, PICKS, LEAVES = 30, 31, 32

# Lines of candidates (row, study, context, kind, expected, priority, draw) -> the same with mean and spread.
Believing = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Rooms:
    """Sessions that run at the same time, of one study or of many. studies: whose each session is.

    believing: what is believed while they run. share: of moments that are left alone. seconds: length of each.
    """

    scenario: Scenario
    luck: Luck
    studies: NDArray[np.int64]
    starts_at: datetime
    policy: Policy
    believing: Believing
    share: float
    seconds: int = 3_600

    def run(self) -> list[Row]:
        """The settled moments, in order of their time."""
        audience, noticing = Audience(self.scenario, self.luck, self.seconds), Noticing.of(self.studies.size)
        watching, told = Watching(self.studies.size), list[Row]()
        lasting, free = np.zeros(self.studies.size), np.zeros(self.studies.size)
        while audience.second < self.seconds:
            audience.advance(STEP)
            lasting *= np.exp(-STEP / FADING)
            without, done = audience.hear(STEP, lasting), audience.hear(STEP, lasting + watching.effect)
            noticing.hear(np.where(watching.acted, done, without), audience.viewers)
            over = watching.hear(without, done, audience.viewers, audience.second)
            lasting += np.where(over & watching.acted, watching.effect, 0.0)
            free = np.where(over, audience.second + RESTING, free)
            told += watching.settle(over)
            self._notice(audience, noticing, watching, free)
        return told

    def _notice(self, audience: Audience, noticing: Noticing, watching: Watching, free: Floats) -> None:
        second = audience.second
        if second + WATCHED > self.seconds:
            return
        found = noticing.found(late=second > 0.9 * self.seconds)
        able = ~watching.open & (free <= second) & ~audience.pausing & (audience.viewers > 0)
        noticed = np.flatnonzero((found >= 0) & able)
        if noticed.size:
            self._choose(noticed, found, audience, (noticing.score(), noticing.foreseen()), watching)

    def _choose(
        self, noticed: NDArray[np.int64], found: NDArray[np.int64], audience: Audience, known: tuple[Floats, Floats],
        watching: Watching,
    ) -> None:  # fmt: skip
        second = audience.second
        at = self.starts_at + timedelta(seconds=second)
        part = phase(at, self.starts_at, self.starts_at + timedelta(seconds=self.seconds))
        troubles = {int(session): TROUBLES[found[session]] for session in noticed}
        contexts = {session: context(each, size(audience.viewers[session]), part) for session, each in troubles.items()}
        picked = self.policy.choose(self._candidates(troubles, contexts, self.luck.uniform(second, PICKS)))
        acted, takes = self.luck.uniform(second, LEAVES) >= self.share, self.luck.normal(0, TAKES)
        for session, kind, propensity in picked.select("row", "kind", "propensity").iter_rows():
            effects = self.scenario.effects[troubles[session]]
            row: Row = {
                "study": int(self.studies[session]), "live_session_id": int(self.luck.sessions[session]), "at": at,
                "anomaly_type": troubles[session], "context": contexts[session], "kind": kind,
                "offered": sorted(effects), "acted": bool(acted[session]), "propensity": propensity,
                "before": float(known[0][session]), "expected": float(known[1][session]),
                "regret": max(effects.values()) - effects[kind],
            }  # fmt: skip
            taking = max(0.0, 1 + TAKING * float(takes[session]))
            watching.begin(session, row, effect=taking * effects[kind], until=second + WATCHED)

    def _candidates(self, troubles: dict[int, str], contexts: dict[int, str], draws: Floats) -> pl.DataFrame:
        lines = [
            (session, int(self.studies[session]), contexts[session], kind, gain, 0, float(draws[session]))
            for session, trouble in troubles.items()
            for kind, gain in EXPECTED[trouble].items()
        ]
        names = ["row", "study", "context", "kind", "expected", "priority", "draw"]
        return self.believing(pl.DataFrame(lines, schema=names, orient="row"))
