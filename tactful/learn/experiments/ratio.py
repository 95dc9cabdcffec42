"""Whether as many people saw each variant as should have. If not, something eats one of them, and nothing else is true.

Looked at every day, a chi-square test would find a mismatch sooner or later where there is none. The likelihood of
the counts under all shares near the intended ones, beside that under the intended ones themselves, may be looked at
as often as one likes: by chance alone it passes 1 / p with a probability of at most p, ever.
Source: Lindon and Malek 2022 (anytime-valid inference for multinomial counts); Ville 1939.
"""

from collections.abc import Sequence
from math import exp, log

from scipy.special import gammaln

# What is thought likely before anything is seen is worth so many people: shares some 1.5 points off are seen soonest.
WORTH = 1000.0
# Below this a test is not to be trusted.
ALARM = 0.001


def mismatch(counts: Sequence[int], parts: Sequence[int]) -> float:
    """The probability (0..1] at most with which chance alone would ever make counts as far off their shares as these.

    counts: people by variant; parts: their shares, as whole parts of the sum.

    >>> mismatch([500, 500], [1, 1]), mismatch([600, 400], [1, 1]) < ALARM
    (1.0, True)
    """
    people, total = sum(counts), sum(parts)
    odds = _logged(WORTH) - _logged(WORTH + people)
    for count, part in zip(counts, parts, strict=True):
        share = part / total
        odds += _logged(WORTH * share + count) - _logged(WORTH * share) - count * log(share)
    return min(1.0, exp(min(0.0, -odds)))


def _logged(value: float) -> float:
    return float(gammaln(value))
