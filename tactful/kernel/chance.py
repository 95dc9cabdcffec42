"""Chance as a function: the same question always draws the same number.

A keyed integer hash (the splitmix64 finaliser, Steele, Lea & Flood 2014) over
(seed, person, tick, draw). The one definition serves Python integers and NumPy
uint64 arrays alike, so a person's draw does not depend on who else is in the batch.
"""

from typing import Any

MASK = 0xFFFFFFFFFFFFFFFF
GOLDEN = 0x9E3779B97F4A7C15


def mix(key: Any, value: Any) -> Any:
    """Stir `value` into `key`; both unsigned 64-bit, a Python int or a NumPy uint64 array.

    >>> mix(1, 2) == mix(1, 2) != mix(2, 1)
    True
    """
    x = (((key * GOLDEN) & MASK) + value) & MASK
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
    return x ^ (x >> 31)


def draw(seed: Any, person: Any, tick: int, number: int) -> Any:
    """A number in [0, 1) for the `number`-th question asked about `person` in `tick`.

    >>> 0 <= draw(7, 42, 1, 0) < 1
    True
    """
    return (mix(mix(mix(mix(0, seed), tick), number), person) >> 11) * 2.0**-53
