"""How much what people have shown of themselves is worth: whether who surprised once does so again later. Pure."""

import numpy as np

from tactful.facts.additive import Floats

# People who must be asked about twice; and standard errors by which the repetition must differ from none.
FEWEST, SURE = 50, 2.0


def patience(once: tuple[Floats, Floats], again: tuple[Floats, Floats]) -> float | None:
    """The information at which half of somebody's own evidence counts; None where it would tell nothing.

    once, again: chances (0..1) and truths (0, 1) of the same people at two times that share no part of their truth.
    What persists in the surprises of a person is the variance between people, in log-odds; evidence is believed
    against its inverse. Source: empirical Bayes by the method of moments (Efron and Morris 1975).
    """
    (early, came), (late, followed) = once, again
    if early.size < FEWEST:
        return None
    product = (came - early) * (followed - late)
    worth = early * (1 - early) * late * (1 - late)
    error = float(product.std()) * np.sqrt(product.size)
    if product.sum() <= SURE * error or worth.sum() <= 0:
        return None
    return float(worth.sum() / product.sum())
