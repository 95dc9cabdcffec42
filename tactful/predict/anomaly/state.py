"""What is remembered of every live session: arrays with a row for each, in single precision, some 4 kB a session."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from tactful.predict.anomaly.numbers import Numbers, Singles, Whole
from tactful.predict.anomaly.shapes import FROM_START, Bank

Rows = NDArray[np.int64]

# Viewers of the last ticks that attendance looks back to.
RING = 16
# Odds of a shape that is not thought of: no evidence ever brings it back.
DEAD = np.float32(-1e30)
NOTHING = -1
LONG_AGO = -(10**6)


@dataclass(slots=True)
class State:
    """Every array has a row for each session; [n] unless another shape is said.

    tick: ticks of its own so far. level, wander: the two parts of the log rate as nothing-happened sees them;
    doubt_level, doubt_both, doubt_wander: their covariance. rough: its own roughness against usual.
    levels, wanders, odds: [n, shapes] the same two parts and the log odds against nothing-happened, for each shape.
    run: [n, 3] ticks for which each kind has been sure. on: the kind that is on, or -1, since tick `since`.
    onset: the tick that it began in; sure: its probability when told; before: the level before it.
    recent: the level now. regained: nats for the level before. rest: no alarm before this tick.
    seen: [n, 16] viewers of the last ticks. left: tick of the last mass exit.
    settling, returning: last ticks in which what was planned still explains the level, and people being away.
    usual: the log rate that its score is measured by.
    """

    tick: Whole
    level: Singles
    wander: Singles
    doubt_level: Singles
    doubt_both: Singles
    doubt_wander: Singles
    rough: Singles
    levels: Singles
    wanders: Singles
    odds: Singles
    run: Whole
    on: Whole
    since: Whole
    onset: Whole
    sure: Singles
    before: Singles
    recent: Singles
    regained: Singles
    rest: Whole
    seen: Singles
    left: Whole
    settling: Whole
    returning: Whole
    usual: Singles

    @property
    def size(self) -> int:
        """How many rows there are."""
        return int(self.tick.size)

    @property
    def nbytes(self) -> int:
        """Memory of all arrays [bytes]."""
        return sum(getattr(self, name).nbytes for name in NAMES)

    def take(self, rows: Rows) -> "State":
        """A copy of some rows, in the order of `rows`."""
        return State(*(getattr(self, name)[rows] for name in NAMES))

    def narrow(self, rows: Rows) -> "State":
        """As `take`, without what is kept for each shape: a small part of the bytes."""
        none = slice(0)
        return State(
            *(getattr(self, name)[rows, none] if name in WIDE else getattr(self, name)[rows] for name in NAMES)
        )

    def put(self, rows: Rows, part: "State") -> None:
        """Write `part` into `rows`."""
        for name in NAMES:
            getattr(self, name)[rows] = getattr(part, name)

    def grown(self, more: "State") -> "State":
        """With the rows of `more` behind its own."""
        return State(*(np.concatenate([getattr(self, name), getattr(more, name)]) for name in NAMES))


NAMES = tuple(field.name for field in fields(State))
# Those with a column for each shape.
WIDE = ("levels", "wanders", "odds")


def begun(numbers: Numbers, shapes: Bank, usual: Singles, spread: Singles) -> State:
    """Rows of sessions that begin now. usual, spread: [n] mean and standard deviation of their log rate."""
    n = usual.size
    # Of the shapes only low engagement from the first tick on is thought of from the first tick on.
    first = np.where(shapes.group == FROM_START, np.float32(0), DEAD)

    def row(value: float | Singles = 0.0, *shape: int) -> Singles:
        made = np.empty((n, *shape), np.float32)
        made[:] = value
        return made

    def whole(value: int = 0, *shape: int) -> Whole:
        return np.full((n, *shape), value, np.int32)

    return State(
        tick=whole(),
        level=row(usual),
        wander=row(),
        doubt_level=row(spread**2),
        doubt_both=row(),
        doubt_wander=row(numbers.wander**2),
        rough=row(1.0),
        levels=row(usual[:, None], shapes.size),
        wanders=row(0.0, shapes.size),
        odds=row(first, shapes.size),
        run=whole(0, 3),
        on=whole(NOTHING),
        since=whole(),
        onset=whole(),
        sure=row(),
        before=row(),
        recent=row(usual),
        regained=row(),
        rest=whole(),
        seen=row(0.0, RING),
        left=whole(LONG_AGO),
        settling=whole(LONG_AGO),
        returning=whole(LONG_AGO),
        usual=row(usual),
    )
