"""What we believe about leaving: the seed's dropout_risk_scores, one row per person."""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tactful.store.tables.base import TOLD, instant, key, metadata, number, organisation, person, words

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
    # Ours: since when the level is what it is, and what it was before; null where it was never another one.
    instant("level_since"),
    words("level_before"),
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
    # By level and from the highest risk down, page by page; those of one factor without looking at each row.
    Index(
        "ix_dropout_risk_scores_listed",
        "organization_id",
        "risk_level",
        "risk_score",
        "user_id",
        postgresql_include=["risk_factors"],
    ),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)

# When somebody's level of risk became another one, for telling how it went; of how it began nothing is written.
risk_changes = Table(
    "risk_changes",
    metadata,
    key(),
    Column("organisation_id", BigInteger, nullable=False),
    person(),
    instant("at", nullable=False),
    words("level", nullable=False),
    words("level_before", nullable=False),
    number("risk_score"),
    Column("risk_factors", ARRAY(Text), nullable=False, server_default="{}"),
    Index("uq_risk_changes_person_id_at", "person_id", "at", unique=True),
    Index("ix_risk_changes_at", "at"),
    # What others think of somebody, like the alerts that follow from it.
    info=TOLD,
)
