"""An evening of made-up sessions: noticed, decided as in service, acted upon or left alone, and settled.

Of every moment both endings are known, with and without, from the same luck: that is what no real evening tells.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from tactful.decide.live.choosing import LIVE_MOMENT, Known, choose
from tactful.decide.rules import Rules
from tactful.facts.rooms import context, phase, size
from tactful.lab.simulate.audience import Audience
from tactful.lab.simulate.luck import Luck
from tactful.lab.simulate.noticing import Noticing
from tactful.lab.simulate.scenarios import TROUBLES, Scenario
from tactful.lab.simulate.watching import WATCHED, Row, Watching

# One stretch; how often it is looked whether there is something to decide; and how long the effect of what was done
# takes to fade once it is no longer watched [s].
STEP, LOOKING, FADING = 10, 30, 60.0
# For so long after a moment nothing is noticed: what comes is still the same trouble [s].
RESTING = 60
# How differently moments take to the same thing: a factor of mean 1 with this deviation.
TAKING = 0.3
TAKES = 30

# Moments (LIVE_MOMENT; the organisation is the study) -> what is believed of what they allow.
Believing = Callable[[pl.DataFrame], Known]


@dataclass(frozen=True, slots=True)
class Evening:
    """Sessions that run at the same time, of one study or of many.

    studies: whose each session is; rules: those of live sessions; believing: what is believed on this evening.
    """

    scenario: Scenario
    luck: Luck
    studies: NDArray[np.int64]
    starts_at: datetime
    rules: Rules
    believing: Believing
    seconds: int = 3_600

    def run(self) -> list[Row]:
        """The settled moments, in order of their time."""
        running = _Running(self)
        while running.audience.second < self.seconds:
            running.advance()
        return running.told


class _Running:
    """An evening under way."""

    def __init__(self, evening: Evening) -> None:
        sessions = evening.studies.size
        self.evening, self.told = evening, list[Row]()
        self.audience = Audience(evening.scenario, evening.luck, evening.seconds)
        self.noticing, self.watching = Noticing.of(sessions), Watching(sessions)
        self.lasting, self.free = np.zeros((2, sessions))
        self.last: list[dict[str, int]] = [{} for _ in range(sessions)]
        self.acted: list[list[int]] = [[] for _ in range(sessions)]

    def advance(self) -> None:
        """One stretch: it is heard with and without what was done, and what is noticed then is decided."""
        audience, watching = self.audience, self.watching
        audience.advance(STEP)
        self.lasting *= np.exp(-STEP / FADING)
        without, done = audience.hear(STEP, self.lasting), audience.hear(STEP, self.lasting + watching.effect)
        self.noticing.hear(np.where(watching.acted, done, without), audience.viewers)
        over = watching.hear(without, done, audience.viewers, audience.second)
        self.lasting += np.where(over & watching.acted, watching.effect, 0.0)
        self.free[over] = audience.second + RESTING
        self.told += watching.settle(over)
        if audience.second % LOOKING == 0 and audience.second + WATCHED <= self.evening.seconds:
            self._decide()

    def _decide(self) -> None:
        second = self.audience.second
        found = self.noticing.found(late=second > 0.9 * self.evening.seconds)
        noticed = np.flatnonzero((found >= 0) & ~self.watching.open & (self.free <= second))
        if not noticed.size:
            return
        moments = self._moments(noticed, found)
        at = self.evening.starts_at + timedelta(seconds=second)
        known_before = self.evening.believing(moments)
        chosen = choose(moments, tick=int(at.timestamp()), rules=self.evening.rules, known=known_before)
        foreseen, takes = self.noticing.foreseen(), self.evening.luck.normal(second, TAKES)
        known = moments.select("anomaly_type", "context", before="engagement")
        decided = pl.concat([known, chosen], how="horizontal").iter_rows(named=True)
        for session, one in zip(noticed.tolist(), decided, strict=True):
            if one["result"] != "silent":
                self._begin(session, at, one | {"expected": foreseen[session]}, max(0.0, 1 + TAKING * takes[session]))

    def _moments(self, noticed: NDArray[np.int64], found: NDArray[np.int64]) -> pl.DataFrame:
        second, start = self.audience.second, self.evening.starts_at
        part = phase(start + timedelta(seconds=second), start, start + timedelta(seconds=self.evening.seconds))
        tick, scores = int(start.timestamp()) + second, self.noticing.score()
        rows = [
            {
                "live_session_id": int(self.evening.luck.sessions[each]), "organisation_id": self.evening.studies[each],
                "seed": self.evening.luck.seed, "mode": "automatic", "anomaly_type": TROUBLES[found[each]],
                "side": "audience", "severity": "medium", "engagement": scores[each],
                "viewers": int(self.audience.viewers[each]),
                "on_agenda": "break" if self.audience.pausing[each] else "talk",
                "seconds_left": self.evening.seconds - second, "last_by_kind": json.dumps(self.last[each]),
                "acted_last_hour": sum(before > tick - 3_600 for before in self.acted[each]),
                "context": context(TROUBLES[found[each]], size(self.audience.viewers[each]), part),
            }
            for each in noticed
        ]  # fmt: skip
        empty = {name: pl.lit([], kind).alias(name) for name, kind in LIVE_MOMENT.items() if kind == pl.List(pl.String)}
        schema = {name: kind for name, kind in LIVE_MOMENT.items() if name not in empty}
        return pl.DataFrame(rows, schema=schema).with_columns(empty.values()).select(list(LIVE_MOMENT))

    def _begin(self, session: int, at: datetime, one: Row, taking: float) -> None:
        effects, kind, acted = (
            self.evening.scenario.effects[one["anomaly_type"]],
            one["chosen"],
            one["result"] == "acted",
        )
        offered = [name for name, verdict in zip(one["kinds"], one["verdicts"], strict=True) if verdict == 0]
        row = {name: one[name] for name in ("anomaly_type", "context", "propensity", "before", "expected")} | {
            "study": self.evening.studies[session], "live_session_id": int(self.evening.luck.sessions[session]),
            "at": at, "kind": kind, "offered": sorted(offered), "acted": acted,
            "regret": max(effects[each] for each in offered) - effects[kind],
        }  # fmt: skip
        self.watching.begin(session, row, effect=taking * effects[kind], until=self.audience.second + WATCHED)
        if acted:
            self.last[session][kind] = int(at.timestamp())
            self.acted[session].append(int(at.timestamp()))
