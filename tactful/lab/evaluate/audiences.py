"""300 live sessions of an hour with what was done to them, and how well alarms agree with that.

Half-made: how bursty signals are is cut from real Twitter volumes, audiences are simulated, and anomalies of four kinds
put in, beside short pauses, bursts and people leaving at the end, which are none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from tactful.facts.additive import Floats
from tactful.lab.evaluate.rows import Row, needed
from tactful.learn.ranking import RESAMPLES, resample
from tactful.predict.anomaly import KINDS, TICK_SECONDS

FOLDER = "live_injected"
FILES = ("sessions.parquet", "events.csv")
# An alarm counts until this many ticks after an event's end.
GRACE = 6

Alarm = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Audiences:
    """viewers, signals, chatters: [sessions, ticks]. events: session, kind, first and last tick of each."""

    viewers: Floats
    signals: Floats
    chatters: Floats
    events: Sequence[tuple[int, int, int, int]]

    @property
    def size(self) -> int:
        """How many sessions there are."""
        return len(self.viewers)

    @property
    def ticks(self) -> int:
        """How many ticks each of them has."""
        return int(self.viewers.shape[1])


def read(data: Path) -> Audiences:
    """All of them, by number. raises: NotFound without the files."""
    sessions, events = needed(data / FOLDER, *FILES)
    every = pl.read_parquet(sessions).sort("session", "step")
    count = every["session"].n_unique()
    viewers, messages, reactions, chatters = (
        every[name].to_numpy().reshape(count, -1).astype(np.float64)
        for name in ("viewers", "messages", "reactions", "unique_chatters")
    )
    place = {session: row for row, session in enumerate(every["session"].unique(maintain_order=True))}
    told = pl.read_csv(events).select("session", "type", "start", "end").iter_rows()
    marked = [(place[session], KINDS.index(kind.upper()), start, end) for session, kind, start, end in told]
    return Audiences(viewers, messages + reactions, chatters, marked)


@dataclass(frozen=True, slots=True)
class Agreement:
    """[sessions, kinds] alarms that were right, alarms in all, and events; delays of those that were right [ticks]."""

    right: Floats
    alarms: Floats
    events: Floats
    delays: Sequence[Sequence[tuple[int, int]]]
    hours: float

    def only(self, sessions: np.ndarray) -> "Agreement":
        """That of some sessions; one may be there several times."""
        delays = [self.delays[session] for session in sessions]
        return Agreement(self.right[sessions], self.alarms[sessions], self.events[sessions], delays, self.hours)

    def of(self, kind: int) -> "Agreement":
        """That about one kind."""
        one = slice(kind, kind + 1)
        delays = [[each for each in some if each[0] == kind] for some in self.delays]
        return Agreement(self.right[:, one], self.alarms[:, one], self.events[:, one], delays, self.hours)

    def f1(self) -> float:
        """Harmonic mean of precision and recall of each kind, and their mean over kinds."""
        right, all_of_them = self.right.sum(axis=0), self.alarms.sum(axis=0) + self.events.sum(axis=0)
        return float(np.mean(2 * right / np.maximum(all_of_them, 1)))

    def per_hour(self) -> float:
        """Alarms in an hour of a session."""
        return float(self.alarms.sum() / (len(self.alarms) * self.hours))

    def delay(self) -> float:
        """Median of how long right alarms took [ticks]; nan without any."""
        delays = [delay for some in self.delays for _, delay in some]
        return float(np.median(delays)) if delays else float("nan")


def agreement(said: Sequence[Alarm], given: Audiences) -> Agreement:
    """An alarm (session, kind, tick) is right if it falls into an event of its kind that no earlier one fell into."""
    right, alarms, events = (np.zeros((given.size, len(KINDS))) for _ in range(3))
    delays: list[list[tuple[int, int]]] = [[] for _ in range(given.size)]
    for session, kind, _, _ in given.events:
        events[session, kind] += 1
    left = list(given.events)
    for session, kind, tick in sorted(said, key=lambda alarm: alarm[2]):
        alarms[session, kind] += 1
        fits = (e for e in left if e[:2] == (session, kind) and e[2] <= tick <= e[3] + GRACE)
        event = next(fits, None)
        if event is not None:
            left.remove(event)
            right[session, kind] += 1
            delays[session].append((kind, tick - event[2]))
    return Agreement(right, alarms, events, delays, given.ticks * TICK_SECONDS / 3600)


def figures(part: str, task: str, model: str, found: Agreement, seconds: float, *, kind: bool = False) -> list[Row]:
    """Rows with 95 % intervals over sessions. kind: whether it is about one kind alone."""
    drawn = [found.only(resample(len(found.alarms), number)) for number in range(RESAMPLES)]
    measures = {"f1": Agreement.f1} if kind else {"macro_f1": Agreement.f1, "alarms_per_hour": Agreement.per_hour}
    rows = []
    for metric, measure in (measures | {"delay_ticks": Agreement.delay}).items():
        value = measure(found)
        if not np.isnan(value):
            low, high = np.nanpercentile([measure(each) for each in drawn], [2.5, 97.5])
            rows.append(Row(part, task, model, metric, value, float(low), float(high), len(found.alarms), seconds))
    return rows
