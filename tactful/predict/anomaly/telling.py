"""From what was heard to what is told: the columns of `Anomalies`."""

import numpy as np
from numpy.typing import NDArray

from tactful.predict.anomaly.anomalies import Anomalies, Reals, score, signals_a_minute
from tactful.predict.anomaly.attendance import BACK, lost
from tactful.predict.anomaly.heard import Heard
from tactful.predict.anomaly.numbers import EXIT, TICK_SECONDS, Singles, Whole
from tactful.predict.anomaly.severity import Grades
from tactful.predict.anomaly.state import NOTHING, State

PERCENT = 100


def levels(part: State, heard: Heard, grades: Grades, kind: Whole, chances: Singles) -> Anomalies:
    """Changes of level. chances: [n, 3] probability of each kind."""
    now, before = part.recent.astype(np.float64), part.before.astype(np.float64)
    change = np.exp(now - before) - 1
    return Anomalies(
        row=heard.row,
        kind=kind.astype(np.int64),
        severity=grades.grade(kind, -change),
        probability=part.sure.astype(np.float64),
        score=score(now, part.usual),
        expected_score=score(before, part.usual),
        change=PERCENT * change,
        now=signals_a_minute(now),
        expected=signals_a_minute(before),
        seconds=(part.tick - part.onset + 1).astype(np.int64) * TICK_SECONDS,
        viewers=_whole(heard.viewers),
        chances=chances.astype(np.float64),
    )


def exits(part: State, heard: Heard, grades: Grades, many: Singles, sure: Reals) -> Anomalies:
    """Mass exits. many: viewers before. Engagement is taken to have left with who left."""
    share = lost(many, heard.viewers).astype(np.float64)
    level = np.where(part.on == NOTHING, part.level + part.wander, part.recent)
    expected = score(level, part.usual)
    return Anomalies(
        row=heard.row,
        kind=np.full(many.size, EXIT),
        severity=grades.grade(np.full(many.size, EXIT), share),
        probability=sure,
        score=expected * (1 - share),
        expected_score=expected,
        change=-PERCENT * share,
        now=heard.viewers.astype(np.float64),
        expected=many.astype(np.float64),
        seconds=np.full(many.size, BACK[1] * TICK_SECONDS),
        viewers=_whole(heard.viewers),
        chances=np.zeros((many.size, EXIT)),
    )


def _whole(counts: Singles) -> NDArray[np.int64]:
    return np.rint(counts).astype(np.int64)
