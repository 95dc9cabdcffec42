"""How many live sessions one core can listen to, all together, beside the same detector with one object for each."""

import resource
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tactful.kernel.chance import mix
from tactful.lab.bench import result
from tactful.predict.anomaly import TICK_SECONDS, Detector

SESSIONS = 10_000
# Sessions of which each is an object of its own.
ALONE = 200
TICKS, WARM_UP = 60, 20
VIEWERS, RATE = 200, 0.05
# The most of a second that listening may take [s].
MOST = 0.5


def run(size: float) -> dict[str, Any]:
    """Ticks of sessions in a second, together and one by one; a second takes less where ticks are spread over ten."""
    sessions = max(500, int(SESSIONS * size))
    together, thousand, spread = measured(sessions), measured(1_000), staggered(sessions)
    alone = one_by_one(max(20, int(ALONE * size)))
    value = sessions / float(np.median(together))
    return result(
        "detector",
        value=value,
        unit="session ticks/s",
        baseline="the same detector, one object for each session",
        baseline_value=alone,
        ratio=value / alone,
        sessions=sessions,
        all_at_once_ms=_ms(together, 50),
        all_at_once_p99_ms=_ms(together, 99),
        thousand_at_once_ms=_ms(thousand, 50),
        thousand_at_once_p99_ms=_ms(thousand, 99),
        second_of_staggered_ms=_ms(spread, 50),
        second_of_staggered_p99_ms=_ms(spread, 99),
        # By proportion: listening takes as long for each, however many there are.
        max_sessions_at_once=int(value * MOST),
        snapshot_bytes_per_session=round(_snapshot_bytes()),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    )


def measured(sessions: int) -> NDArray[np.float64]:
    """[ticks] Seconds that moving all of `sessions` on at once takes."""
    detector = Detector()
    rows = detector.add(sessions)
    return np.array([_timed(detector, rows, tick) for tick in range(TICKS)])[WARM_UP:]


def staggered(sessions: int) -> NDArray[np.float64]:
    """[seconds] What a second takes in which a tenth of the sessions has its tick and all are attended."""
    detector = Detector()
    rows = detector.add(sessions)
    taken = []
    for second in range(TICKS * TICK_SECONDS // 2):
        some = rows[second % TICK_SECONDS :: TICK_SECONDS]
        counts = signals(sessions, second)[some]
        start = perf_counter()
        detector.attend(rows, viewers=VIEWERS, elapsed=0.5)
        detector.advance(some, viewers=VIEWERS, signals=counts, elapsed=0.5)
        taken.append(perf_counter() - start)
    return np.array(taken)[WARM_UP * TICK_SECONDS // 2 :]


def one_by_one(sessions: int) -> float:
    """Ticks of sessions in a second where each session has a detector of its own."""
    each = [Detector() for _ in range(sessions)]
    rows = [detector.add(1) for detector in each]
    taken = []
    for tick in range(WARM_UP):
        counts = signals(sessions, tick)
        start = perf_counter()
        for detector, row, count in zip(each, rows, counts, strict=True):
            detector.advance(row, viewers=VIEWERS, signals=count, elapsed=0.5)
        taken.append(perf_counter() - start)
    return sessions / float(np.median(taken))


def signals(sessions: int, tick: int) -> NDArray[np.float64]:
    """[sessions] Counts about VIEWERS times RATE, the same ones every time; one session in fifty goes silent."""
    whose = np.arange(sessions, dtype=np.uint64)
    counts: NDArray[np.float64] = (mix(whose, tick) % np.uint64(2 * VIEWERS * RATE + 1)).astype(np.float64)
    counts[(whose % 50 == 0) & (tick % 100 > 50)] = 0
    return counts


def _timed(detector: Detector, rows: NDArray[np.int64], tick: int) -> float:
    counts = signals(rows.size, tick)
    start = perf_counter()
    detector.advance(rows, viewers=VIEWERS, signals=counts, elapsed=0.5)
    return perf_counter() - start


def _snapshot_bytes() -> float:
    detector = Detector()
    return len(detector.snapshot(detector.add(100))) / 100


def _ms(seconds: NDArray[np.float64], percent: int) -> float:
    return round(float(np.percentile(seconds, percent)) * 1000, 2)
