"""The detector: all live sessions of a process, listened to together."""

import numpy as np
from numpy.typing import ArrayLike

from tactful.kernel.errors import BadInput
from tactful.kernel.settings import Settings
from tactful.predict.anomaly import keeping
from tactful.predict.anomaly.anomalies import Anomalies, joined, none
from tactful.predict.anomaly.heard import Heard, heard
from tactful.predict.anomaly.listening import Ear, attend, listen
from tactful.predict.anomaly.numbers import TALK, Numbers
from tactful.predict.anomaly.severity import Grades
from tactful.predict.anomaly.shapes import bank
from tactful.predict.anomaly.state import Rows, State, begun
from tactful.predict.anomaly.usual import DEFAULT, Usual

# Rows moved on at once: what they need fits into a core's cache.
TOGETHER = 500
# Rows there is room for at least.
ROOM = 64


class Detector:
    """Live sessions, a row each, that may begin, move on by a tick of ten seconds, and end at any time.

    A row's answers do not depend on which others there are, nor on how they are moved on: together, one by one, some
    now and some later. Nothing is read but what is given: no clock, no chance. Not for several threads at once.

    >>> detector = Detector()
    >>> rows = detector.add(2)
    >>> quiet = [detector.advance(rows, viewers=200, signals=[40, 40], elapsed=0.2) for _ in range(60)]
    >>> sum(map(len, quiet))
    0
    >>> some = [found for _ in range(12) for found in detector.advance(rows, viewers=200, signals=[8, 40], elapsed=0.3)]
    >>> [(found.row, found.kind, found.severity) for found in some]
    [(0, 'SUDDEN_DROP', 'high')]
    """

    def __init__(self, settings: Settings | None = None, *, numbers: Numbers | None = None) -> None:
        """settings: what an operator set. numbers: all of them instead, for measuring."""
        settings = settings or Settings({})
        chosen = numbers or Numbers.of(settings)
        self._ear = Ear(chosen, bank(chosen), Grades.of(settings))
        self._state = self._begun(0)
        self._live = np.zeros(0, np.bool_)

    def __len__(self) -> int:
        """How many sessions are live."""
        return int(self._live.sum())

    @property
    def nbytes(self) -> int:
        """Memory of the state [bytes]; it follows the most sessions that were ever live at once."""
        return self._state.nbytes

    def add(self, count: int, *, usual: Usual = DEFAULT) -> Rows:
        """Rows of `count` sessions that begin now, all of one organisation whose sessions are `usual`ly so."""
        return self._place(self._begun(count, usual))

    def remove(self, rows: ArrayLike) -> None:
        """Forget sessions that ended; others may get their rows. raises: BadInput for rows that are not live."""
        self._live[self._rows(rows)] = False

    def advance(
        self,
        rows: ArrayLike,
        *,
        viewers: ArrayLike,
        signals: ArrayLike,
        elapsed: ArrayLike = np.nan,
        agenda: ArrayLike = TALK,
    ) -> Anomalies:
        """Move `rows` on by one tick and answer what is found, in order of row.

        viewers: [n] at the end of the tick. signals: [n] in the whole tick. elapsed: [n] share of the planned time, nan
        where no end is planned. agenda: [n] TALK, QUESTIONS or BREAK. A single value stands for all.
        raises: BadInput, naming the argument; then no row was moved.
        """
        whose = self._rows(rows)
        every = heard(whose, viewers, signals, elapsed, agenda)
        found = []
        for first in range(0, whose.size, TOGETHER):
            some = every.only(np.arange(first, min(first + TOGETHER, whose.size)))
            part = self._state.take(some.row)
            found += listen(part, some, self._ear)
            self._state.put(some.row, part)
        return _told(found)

    def attend(
        self, rows: ArrayLike, *, viewers: ArrayLike, elapsed: ArrayLike = np.nan, agenda: ArrayLike = TALK
    ) -> Anomalies:
        """Mass exits alone, at any second between two ticks; none is told twice.

        raises: BadInput, as `advance`.
        """
        whose = self._rows(rows)
        every = heard(whose, viewers, 0, elapsed, agenda)
        return _told([self._attend(every)])

    def usual(self, rows: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """[n] The log rate that is usual of each session, and how sure that is (standard deviation).

        raises: BadInput for rows that are not live.
        """
        part = self._state.narrow(self._rows(rows))
        return part.level.astype(np.float64), np.sqrt(np.maximum(part.doubt_level, 0)).astype(np.float64)

    def snapshot(self, rows: ArrayLike) -> bytes:
        """All that is known of `rows`, in their order. raises: BadInput for rows that are not live."""
        return keeping.to_bytes(self._state.take(self._rows(rows)), self._ear.shapes)

    def restore(self, kept: bytes) -> Rows:
        """New rows that go on where a snapshot was taken, in its order. raises: BadInput for other bytes."""
        return self._place(keeping.from_bytes(kept, self._ear.shapes, self._state))

    def _attend(self, every: Heard) -> Anomalies:
        part = self._state.narrow(every.row)
        found = attend(part, every, self._ear)
        self._state.left[every.row] = part.left
        return found

    def _begun(self, count: int, usual: Usual = DEFAULT) -> State:
        mean, spread = (np.full(count, value, np.float32) for value in (usual.mean, usual.spread))
        return begun(self._ear.numbers, self._ear.shapes, mean, spread)

    def _place(self, part: State) -> Rows:
        """Rows that are free, lowest first, with `part` written into them."""
        short = part.size - int((~self._live).sum())
        if short > 0:
            more = max(short, self._state.size, ROOM)
            self._state = self._state.grown(self._begun(more))
            self._live = np.concatenate([self._live, np.zeros(more, np.bool_)])
        rows = np.flatnonzero(~self._live)[: part.size]
        self._state.put(rows, part)
        self._live[rows] = True
        return rows

    def _rows(self, rows: ArrayLike) -> Rows:
        whose = np.asarray(rows)
        if whose.size == 0:
            return np.zeros(0, np.int64)
        if whose.ndim != 1 or not np.issubdtype(whose.dtype, np.integer):
            raise BadInput("rows must be whole numbers in one column.", fields=["rows"])
        known = (whose >= 0) & (whose < self._live.size)
        if not known.all() or not self._live[whose].all():
            raise BadInput("rows must be of sessions that are live here.", fields=["rows"])
        if np.unique(whose).size != whose.size:
            raise BadInput("rows must name each session once.", fields=["rows"])
        return whose.astype(np.int64)


def _told(found: list[Anomalies]) -> Anomalies:
    some = [each for each in found if len(each)]
    return joined(some) if some else none()
