"""Made-up live sessions, the same ones every time: gamma-Poisson signals of viewers, and what is done to them."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import nbinom

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.predict.anomaly import Anomaly, Detector

TICKS = 360
# Shape of the gamma that counts are mixed with, as rooms usually scatter.
EVENNESS = 3.7
# Signals of one viewer in one tick: 30 a minute for each hundred.
RATE = 0.05


@dataclass(frozen=True, slots=True)
class Rooms:
    """viewers, signals: [sessions, ticks]. agenda: [sessions, ticks] what is planned."""

    viewers: Floats
    signals: Floats
    agenda: Floats

    @property
    def size(self) -> int:
        return len(self.viewers)

    def only(self, which: list[int]) -> "Rooms":
        return Rooms(self.viewers[which], self.signals[which], self.agenda[which])


def draws(*shape: int, seed: int) -> Floats:
    """Uniform in (0, 1)."""
    words: np.ndarray = mix(mix(np.arange(np.prod(shape), dtype=np.uint64), seed), 1)
    uniform: Floats = ((words >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    return uniform.reshape(shape)


def rooms(count: int, *, viewers: float = 400, rate: float = RATE, shape: Floats | None = None, seed: int = 7) -> Rooms:
    """`count` sessions of an hour. shape: [ticks] what the rate is multiplied with."""
    people = np.full((count, TICKS), float(viewers))
    expected = people * rate * (np.ones(TICKS) if shape is None else shape)
    signals = nbinom.ppf(draws(count, TICKS, seed=seed), EVENNESS, EVENNESS / (EVENNESS + expected))
    return Rooms(people, np.nan_to_num(signals), np.zeros((count, TICKS)))


def stepping(factor: float, first: int, last: int = TICKS) -> Floats:
    """[ticks] 1, and `factor` from `first` until `last`."""
    shape = np.ones(TICKS)
    shape[first:last] = factor
    return shape


def sliding(left: float, first: int, last: int) -> Floats:
    """[ticks] From 1 down to `left` between `first` and `last`, where it stays."""
    return np.interp(np.arange(TICKS), [first, last], [1.0, left])


def leaving(made: Rooms, share: float, at: int) -> Rooms:
    """`share` of the viewers goes within four ticks."""
    kept = np.interp(np.arange(TICKS), [at, at + 4], [1.0, 1 - share])
    return replace(made, viewers=np.round(made.viewers * kept), signals=np.round(made.signals * kept))


def heard(
    made: Rooms, detector: Detector | None = None, *, until: int = TICKS, end: bool = True
) -> list[tuple[int, Anomaly]]:
    """All that is told of all rooms, moved on together: tick and anomaly."""
    detector = Detector() if detector is None else detector
    rows = detector.add(made.size)
    return [(tick, found) for tick in range(until) for found in step(detector, rows, made, tick, end=end)]


def step(detector: Detector, rows: np.ndarray, made: Rooms, tick: int, *, end: bool = True) -> list[Anomaly]:
    """Move all of `rows` on by the tick of this number."""
    elapsed = (tick + 1) / TICKS if end else np.nan
    counts = {"viewers": made.viewers[:, tick], "signals": made.signals[:, tick], "agenda": made.agenda[:, tick]}
    return list(detector.advance(rows, elapsed=elapsed, **counts))


def kinds(told: list[tuple[int, Anomaly]], made: Rooms) -> list[set[str]]:
    """What was told of each room."""
    return [{found.kind for _, found in told if found.row == row} for row in range(made.size)]
