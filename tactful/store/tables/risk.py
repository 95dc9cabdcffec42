"""What we believe about leaving: the seed's dropout_risk_scores, one row per person."""

from sqlalchemy import Boolean, Column, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tactful.store.tables.base import instant, key, metadata, number, organisation, person, words

dropout_risk_scores = Table(
    "dropout_risk_scores",
    metadata,
    key(),
    person("user_id", unique=True),
    organisation("organization_id"),
    # 0..1 on the seed's scale; null with level unknown means there is nothing to judge by.
    number("risk_score"),
    words("risk_level", nullable=False),
    Column("risk_factors", ARRAY(Text), nullable=False, server_default="{}"),
    number("session_frequency_trend"),
    number("avg_days_between_sessions"),
    # Ours: what the two above are made of, so that a row can be told in words. Latest week first.
    Column("sessions_by_week", ARRAY(Integer)),
    Column("days_silent", Integer),
    number("sentiment_trend_7d"),
    Column("days_since_last_completion", Integer),
    number("performance_trend"),
    Column("longest_streak", Integer),
    Column("current_streak", Integer),
    # Ours: what the rule says, whatever was learned.
    number("cold_score"),
    # Ours: how much data stands behind the score (0..1), and a calibrated probability once learned.
    number("confidence", nullable=False, server_default="0"),
    number("probability"),
    # Ours: what of that they have shown of themselves [log-odds].
    number("own"),
    # Ours: what each factor adds to the odds of leaving [log-odds], in the order of the seed's factors.
    Column("contributions", ARRAY(Double)),
    # What to offer them, from the factors of now; null where nobody needs to be won back.
    Column("reengagement_strategy", JSONB),
    # Whether, and when last, something was planned because of their risk.
    Column("strategy_executed", Boolean, nullable=False, server_default="false"),
    instant("strategy_executed_at"),
    # Whether they came back after that; null while it is not known yet, false once the horizon has passed.
    Column("user_returned", Boolean),
    instant("returned_at"),
    # Ours: the episode of critical risk this row is in; a new one begins where it fell below, or lasted too long.
    instant("critical_since"),
    instant("calculated_at", nullable=False, server_default=text("now()")),
    instant("updated_at", nullable=False, server_default=text("now()")),
    Index("ix_dropout_risk_scores_risk_level_calculated_at", "risk_level", text("calculated_at DESC")),
    Index(
        "ix_dropout_risk_scores_awaited",
        "strategy_executed_at",
        postgresql_where=text("strategy_executed AND user_returned IS NULL"),
    ),
    Index(
        "ix_dropout_risk_scores_critical_since", "critical_since", postgresql_where=text("critical_since IS NOT NULL")
    ),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)
