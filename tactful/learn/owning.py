"""How much what people have shown of themselves is worth: whether who surprised once does so again later. Pure."""

import numpy as np
from numpy.typing import NDArray

from tactful.facts.additive import Floats

# People who must be asked about twice; and standard errors by which the repetition must differ from none.
FEWEST, SURE = 50, 2.0


def patience(once: tuple[Floats, Floats], again: tuple[Floats, Floats], *, people: NDArray[np.int64]) -> float | None:
    """The information at which half of somebody's own evidence counts; None where it would tell nothing.

    once, again: chances (0..1) and truths (0, 1) of the same `people` at two times that share no part of their truth;
    several pairs of one person do not vary freely and count as one.
    What persists in the surprises of a person is the variance between people, in log-odds; evidence is believed
    against its inverse. Source: empirical Bayes by the method of moments (Efron and Morris 1975).
    """
    (early, came), (late, followed) = once, again
    whose, place = np.unique(people, return_inverse=True)
    if whose.size < FEWEST:
        return None
    product = np.bincount(place, (came - early) * (followed - late))
    worth = np.bincount(place, early * (1 - early) * late * (1 - late))
    error = float(product.std()) * np.sqrt(whose.size)
    if product.sum() <= SURE * error or worth.sum() <= 0:
        return None
    return float(worth.sum() / product.sum())
