"""Policy v0: the highest priority, then the highest expected value, then the name. Draws nothing."""

import polars as pl

from tactful.decide.policies.base import Policy

ORDER = ["row", "priority", "expected", "kind"]
DESCENDING = [False, True, True, False]


def choose(candidates: pl.DataFrame) -> pl.DataFrame:
    """The best candidate of each row, chosen with certainty."""
    best = candidates.sort(ORDER, descending=DESCENDING).unique("row", keep="first", maintain_order=True)
    return best.select("row", "kind", pl.lit(1.0).alias("propensity"))


RANKED = Policy("ranked", 1, choose)
