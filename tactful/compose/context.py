"""What wording and explanation may speak of."""

import polars as pl

FACTS = (
    "zone",
    "local_minute",
    "current_streak",
    "longest_streak",
    "risk_level",
    "risk_score",
    "risk_factors",
    "last_seen_at",
)


def context() -> pl.Expr:
    """FACTS of a moment with beliefs, as one JSON text per person."""
    return pl.struct(
        *FACTS[:5],
        pl.col("risk_score").round(4),
        "risk_factors",
        pl.col("last_seen_at").dt.strftime("%Y-%m-%dT%H:%M:%SZ"),
    ).struct.json_encode()
