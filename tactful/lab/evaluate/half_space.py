"""The seed's kind of detector: an engagement score, half-space trees, a z-score over 30 seconds, rules for the kind.

Source: Tan, Ting and Liu 2011, "Fast anomaly detection for streaming data". Trees split features that lie in 0..1 at
the middle of what is left of them; what is odd falls where little fell in the last full window. All sessions share the
trees, each has its own counts. The three bounds below were chosen on the first half of the sessions, as ours were.
"""

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats
from tactful.kernel.chance import mix
from tactful.lab.evaluate.audiences import Alarm, Audiences

TREES, DEPTH, WINDOW = 25, 6, 50
SEED = 2011
Z, ODD, AGAIN = 3.0, 0.5, 240
FEATURES = 3

Whole = NDArray[np.int64]


class Trees:
    """Of [sessions] rows of [features]."""

    def __init__(self, sessions: int) -> None:
        nodes = 2 ** (DEPTH + 1)
        words = mix(np.arange(TREES * nodes, dtype=np.uint64), SEED)
        self.feature: Whole = (words % np.uint64(FEATURES)).astype(np.int64).reshape(TREES, nodes)
        self.split = np.zeros((TREES, nodes))
        for tree in range(TREES):
            self._grow(tree, 1, [(0.0, 1.0)] * FEATURES)
        self.before, self.now = (np.zeros((sessions, TREES, nodes)) for _ in range(2))
        self.seen = 0

    def _grow(self, tree: int, node: int, box: list[tuple[float, float]]) -> None:
        if node < 2**DEPTH:
            feature = self.feature[tree, node]
            low, high = box[feature]
            middle = self.split[tree, node] = (low + high) / 2
            for child, half in ((2 * node, (low, middle)), (2 * node + 1, (middle, high))):
                self._grow(tree, child, [*box[:feature], half, *box[feature + 1 :]])

    def score(self, x: Floats) -> Floats:
        """[sessions] How odd `x` [sessions, features] is, 0 to 1; 0 until there is a full window."""
        sessions, trees = np.arange(len(x))[:, None], np.arange(TREES)
        node = np.ones((len(x), TREES), dtype=np.int64)
        for _ in range(DEPTH):
            self.now[sessions, trees, node] += 1
            node = 2 * node + (x[sessions, self.feature[trees, node]] > self.split[trees, node])
        self.now[sessions, trees, node] += 1
        odd = 1 - self.before[sessions, trees, node].mean(axis=1) / WINDOW
        self.seen += 1
        full = self.seen > WINDOW
        if self.seen % WINDOW == 0:
            self.before, self.now = self.now, np.zeros_like(self.now)
        return odd if full else np.zeros(len(x))


def alarms(given: Audiences, *, z: float = Z, odd: float = ODD, again: int = AGAIN) -> list[Alarm]:
    """All alarms: session, kind, tick. No kind again within `again` ticks."""
    trees, engagement = Trees(given.size), _engagement(given)
    usual, spread = engagement[:, 0], np.full(given.size, 0.02)
    last, found = np.full((given.size, 4), -again - 1), list[Alarm]()
    for tick in range(given.ticks):
        viewers, seen = given.viewers[:, tick], given.viewers[:, : tick + 1].max(axis=1)
        chatters = np.minimum(given.chatters[:, tick] / 40, 1)
        oddness = trees.score(np.stack([engagement[:, tick], chatters, viewers / np.maximum(seen, 1)], axis=1))
        now = engagement[:, max(0, tick - 2) : tick + 1].mean(axis=1)
        away = (now - usual) / np.sqrt(spread + 1e-6)
        spread = spread + 0.05 * ((now - usual) ** 2 - spread)
        usual = usual + 0.05 * (now - usual)
        if tick >= 30:
            hits = _rules(engagement, given.viewers, tick, (away < -z) & (oddness > odd), oddness > odd)
            hits &= tick - last > again
            last[hits] = tick
            found += [(int(session), int(kind), tick) for session, kind in zip(*np.nonzero(hits), strict=True)]
    return found


def _engagement(given: Audiences) -> Floats:
    """Signals for each viewer, as a share of twice the most there ever was in two minutes."""
    rate = given.signals / np.maximum(given.viewers, 1)
    totals = [np.pad(np.cumsum(each, axis=1), ((0, 0), (12, 0))) for each in (given.signals, given.viewers)]
    signals, viewers = (total[:, 12:] - total[:, :-12] for total in totals)
    peak = np.maximum.accumulate(2 * signals / np.maximum(viewers, 1), axis=1)
    return np.minimum(rate / np.maximum(peak, 1e-6), 1)


def _rules(
    engagement: Floats, viewers: Floats, tick: int, away: NDArray[np.bool_], odd: NDArray[np.bool_]
) -> np.ndarray:
    """[sessions, kinds]."""
    before, now = (engagement[:, tick - 29 + first : tick - 14 + first].mean(axis=1) for first in (0, 15))
    declines = (before > 1.4 * now) & odd & (tick >= 60)
    low = engagement[:, tick - 29 : tick + 1].mean(axis=1) < 0.2
    left = viewers[:, tick] < 0.75 * viewers[:, tick - 6]
    return np.stack([away, declines, low, left], axis=1)
