"""What wording and explanation may speak of."""

import polars as pl

# Columns of MOMENT and BELIEF, as they are.
PLAIN = (
    "zone",
    "local_minute",
    "quiet_start",
    "quiet_end",
    "sent_today",
    "max_per_day",
    "current_streak",
    "longest_streak",
    "plateau_id",
    "plateau_topic",
    "plateau_days",
    "plateau_suggestion",
    "regression_id",
    "fading_skill",
    "fading_days",
    "risk_level",
    "risk_factors",
)
INSTANTS = ("last_seen_at", "last_outreach_at")
FACTS = (*PLAIN, "risk_score", *INSTANTS)


def context() -> pl.Expr:
    """FACTS of a moment with beliefs, as one JSON text per person."""
    return pl.struct(
        *PLAIN,
        pl.col("risk_score").round(4),
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in INSTANTS),
    ).struct.json_encode()
