"""BG/NBD, the standard model of customers who come and quietly go: the baseline of CH-D.

Purchases of a customer are a Poisson process whose rate is gamma distributed over customers; after each purchase a
customer leaves for good with a chance that is beta distributed. Source: Fader, Hardie and Lee 2005, "Counting Your
Customers" the Easy Way, equations 6 and 10.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

Floats = NDArray[np.float64]


class Customers(NamedTuple):
    """frequency: purchases after the first; recency: from the first to the last; age: from the first to now [weeks]."""

    frequency: Floats
    recency: Floats
    age: Floats


@dataclass(frozen=True, slots=True)
class Bgnbd:
    """r, alpha [weeks]: of the rate; a, b: of leaving."""

    r: float
    alpha: float
    a: float
    b: float

    def log_likelihood(self, customers: Customers) -> float:
        """Of all customers together [nats]."""
        x, seen, age = customers
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
        common += gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
        here = -(r + x) * np.log(alpha + age)
        gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + seen)
        return float((common + np.where(x > 0, np.logaddexp(here, gone), here)).sum())

    def expected(self, customers: Customers, weeks: float) -> Floats:
        """Purchases of each in the next `weeks`."""
        x, seen, age = customers
        r, alpha, a, b = self.r, self.alpha, self.a, self.b
        left = ((alpha + age) / (alpha + age + weeks)) ** (r + x)
        whole = (
            (a + b + x - 1) / (a - 1) * (1 - left * hyp2f1(r + x, b + x, a + b + x - 1, weeks / (alpha + age + weeks)))
        )
        quit_before = a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + seen)) ** (r + x)
        answer: Floats = whole / (1 + np.where(x > 0, quit_before, 0.0))
        return answer


# Of the paper, for the customers of CDNOW.
PUBLISHED = Bgnbd(0.243, 4.414, 0.793, 2.426)


def fitted(customers: Customers) -> Bgnbd:
    """The most likely one, searched from ones; the same every time."""

    def surprise(logs: Floats) -> float:
        return -Bgnbd(*np.exp(logs).tolist()).log_likelihood(customers)

    found = minimize(
        surprise, np.zeros(4), method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-6, "fatol": 1e-6}
    )
    return Bgnbd(*np.exp(found.x).tolist())
