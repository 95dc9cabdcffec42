"""How often a property is tried. `EXAMPLES=10` in the environment: ten times as often; `EXAMPLES=.2`: a fifth."""

import os

TIMES = float(os.environ.get("EXAMPLES", "1"))


def often(times: int) -> int:
    """`times`, as many times as was asked for; at least twice."""
    return max(2, round(times * TIMES))
