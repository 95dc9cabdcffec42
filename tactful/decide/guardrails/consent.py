"""Nothing without consent to the purpose; not knowing is not consent."""

import polars as pl

from tactful.decide.guardrails.base import Bounds, Rail


def forbids(_: Bounds) -> pl.Expr:
    """Forbid unless consent is known."""
    return ~pl.col("consented").fill_null(False)


RAIL = Rail("consent", forbids, "They did not consent to being engaged.", "They consent.")
