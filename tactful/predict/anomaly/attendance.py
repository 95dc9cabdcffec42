"""Mass exit: many of the viewers of a little more than a minute ago are gone.

The viewers of now are held against the median of those 7, 8 and 9 ticks ago, so that one odd count alarms nobody. They
may be counted every second: what is looked back to moves on with every tick.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc

from tactful.predict.anomaly.heard import Heard
from tactful.predict.anomaly.numbers import Flags, Numbers, Singles
from tactful.predict.anomaly.state import RING, State

BACK = (7, 8, 9)
# As likely as it is ever said to be: that nobody but chance left can never be excluded.
SUREST = 0.99


def before(part: State) -> Singles:
    """[n] Viewers of a little more than a minute ago; none where that was before the session."""
    rows = np.arange(part.size)
    a, b, c = (part.seen[rows, (part.tick - ago) % RING] for ago in BACK)
    middle = np.maximum(np.minimum(a, b), np.minimum(np.maximum(a, b), c))
    return np.where(part.tick >= max(BACK), middle, np.float32(0)).astype(np.float32)


def exits(part: State, numbers: Numbers, many: Singles, heard: Heard, planned: Flags) -> Flags:
    """[n] Where a mass exit is told now. many: viewers before."""
    far = lost(many, heard.viewers) > limit(numbers, heard.elapsed)
    long_ago = part.tick - part.left > numbers.exit_again
    begun = part.tick >= numbers.exit_warm_up
    found: Flags = far & (many >= numbers.exit_fewest) & long_ago & begun & ~planned
    part.left[found] = part.tick[found]
    return found


def note(part: State, viewers: Singles) -> None:
    """Keep the viewers of this tick."""
    part.seen[np.arange(part.size), part.tick % RING] = viewers


def lost(many: Singles, viewers: Singles) -> Singles:
    """Share of `many` that is gone; below 0 where more came."""
    return np.subtract(1, viewers / np.maximum(many, 1), dtype=np.float32)


def limit(numbers: Numbers, elapsed: Singles) -> Singles:
    """[n] Share that must be gone."""
    late = np.where(elapsed < numbers.late, numbers.exit_share, numbers.exit_late)
    return np.where(np.isnan(elapsed), numbers.exit_open, late).astype(np.float32)


def chance(many: Singles, viewers: Singles, share: Singles) -> NDArray[np.float64]:
    """Chance that viewers truly leave at more than half of `share`, after seeing how many of `many` did.

    With a uniform prior: small rooms, where chance takes more, are less sure. Source: Bayes 1763.
    """
    gone = np.maximum(many - viewers, 0)
    found: NDArray[np.float64] = betaincc(1.0 + gone.astype(np.float64), 1.0 + many - gone, share / 2)
    return np.minimum(found, SUREST)
