"""Nothing outside the product for who has stopped that."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid where they said so, in whichever channel."""
    return pl.col("outreach_stopped")


RAIL = Rail("stopped", forbids, "They stopped messages outside the product.", "They allow them again.")
