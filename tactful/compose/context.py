"""What wording and explanation may speak of."""

import polars as pl

from tactful.facts.hours import is_good

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
    "plateau_skill",
    "plateau_days",
    "plateau_suggestion",
    "regression_id",
    "fading_skill",
    "fading_days",
    "milestones",
    "milestone",
    "milestone_points",
    "risk_level",
    "risk_factors",
)
INSTANTS = ("last_seen_at", "last_outreach_at")
FACTS = (*PLAIN, "risk_score", "good_hour", *INSTANTS)


def context() -> pl.Expr:
    """FACTS of a moment with beliefs, as one JSON text per person.

    good_hour: whether it was one of their good hours, as these were known then; null where none were.
    """
    known = pl.when(pl.col("timing_confidence") > 0)
    return pl.struct(
        *PLAIN,
        pl.col("risk_score").round(4),
        known.then(is_good(pl.col("local_minute") // 60)).alias("good_hour"),
        *(pl.col(name).dt.strftime("%Y-%m-%dT%H:%M:%SZ") for name in INSTANTS),
    ).struct.json_encode()
