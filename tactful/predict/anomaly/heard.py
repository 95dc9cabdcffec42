"""What was counted of live sessions, checked before it is listened to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tactful.kernel.errors import BadInput
from tactful.predict.anomaly.numbers import BREAK, MOST, TALK, Flags, Singles, Whole
from tactful.predict.anomaly.state import Rows


@dataclass(frozen=True, slots=True)
class Heard:
    """[n] What was counted of each session in a tick.

    viewers; signals: messages, reactions and the like of the whole tick. elapsed: share of the planned time, nan where
    no end is planned. agenda: TALK, QUESTIONS or BREAK.
    """

    row: Rows
    viewers: Singles
    signals: Singles
    elapsed: Singles
    agenda: Whole

    def only(self, rows: Rows | Flags) -> "Heard":
        """Some of them."""
        return Heard(self.row[rows], self.viewers[rows], self.signals[rows], self.elapsed[rows], self.agenda[rows])


def heard(rows: Rows, viewers: ArrayLike, signals: ArrayLike, elapsed: ArrayLike, agenda: ArrayLike) -> Heard:
    """As arrays of the same size; a single value stands for all of them.

    raises: BadInput for counts that are none, shares below 0, and agenda items nobody knows, naming the argument.
    """
    shares = _column(rows, elapsed, "elapsed")
    if (shares < 0).any() or np.isinf(shares).any():
        raise BadInput("elapsed is a share of the planned time from 0 on, or nan.", fields=["elapsed"])
    items = _column(rows, agenda, "agenda")
    if not np.isin(items, range(TALK, BREAK + 1)).all():
        raise BadInput("agenda is 0 (talk), 1 (questions) or 2 (break).", fields=["agenda"])
    counts = (_counts(rows, viewers, "viewers"), _counts(rows, signals, "signals"))
    return Heard(rows, *counts, shares.astype(np.float32), items.astype(np.int32))


def _counts(rows: Rows, values: ArrayLike, name: str) -> Singles:
    counts = _column(rows, values, name)
    if not ((counts >= 0) & (counts <= MOST)).all():
        raise BadInput(f"{name} must be counts from 0 to {MOST:,.0f}.", fields=[name])
    return counts.astype(np.float32)


def _column(rows: Rows, values: ArrayLike, name: str) -> np.ndarray:
    column = np.asarray(values, dtype=np.float64)
    if column.ndim > 1 or column.size not in (1, rows.size):
        raise BadInput(f"{name} must have one value for each of the {rows.size} rows.", fields=[name])
    return np.broadcast_to(column, rows.shape)
