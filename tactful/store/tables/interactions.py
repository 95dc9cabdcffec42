"""What people say to us, and what becomes of it: the seed's user_engagements and user_behavior_patterns."""

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Computed, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tactful.store.tables.base import instant, key, metadata, number, organisation, person, words

NOW = text("now()")
OWNED = {"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"}
HAS_WORDS = "message_text IS NOT NULL OR previous_bot_message IS NOT NULL"


def _mean(name: str, total: str, count: str) -> Column[Any]:
    """Follows from a sum and how many were summed up."""
    return Column(name, Double, Computed(f"{total} / nullif({count}, 0)", persisted=True))


# One row for each message. Without foreign keys, for the sake of partitions; see `activity`.
user_engagements = Table(
    "user_engagements",
    metadata,
    Column("organization_id", BigInteger, nullable=False),
    Column("user_id", BigInteger, nullable=False),
    # The product's own, or ours; told apart among one person's.
    words("id", nullable=False),
    Column("telegram_id", BigInteger),
    words("engagement_type", nullable=False),
    words("channel", nullable=False),
    words("session_id"),
    # Kept for a while only; null where none was kept, or no longer is.
    words("message_text"),
    words("previous_bot_message"),
    # -1..1 and in five steps; null where nobody looked at the words. How sure: 0..1.
    number("sentiment_score"),
    words("sentiment_type"),
    number("sentiment_confidence"),
    words("emotion"),
    words("emotion_group"),
    # 0..1
    number("engagement_quality_score"),
    Column("topics", ARRAY(Text), nullable=False, server_default="{}"),
    words("language"),
    instant("occurred_at", nullable=False),
    instant("created_at", nullable=False, server_default=NOW),
    Index("ix_user_engagements_user_id_occurred_at", "user_id", "occurred_at", "id"),
    Index("ix_user_engagements_id", "user_id", "id"),
    # For clearing words whose time is over, without looking at rows that have none.
    Index("ix_user_engagements_worded", "occurred_at", postgresql_where=text(HAS_WORDS)),
    postgresql_partition_by="RANGE (occurred_at)",
    info=OWNED | {"partition_by": "occurred_at"},
)

# One row for each person who was ever active. What messages say is brought up to date with them, the rest by a pass.
user_behavior_patterns = Table(
    "user_behavior_patterns",
    metadata,
    key(),
    person("user_id", unique=True),
    organisation("organization_id"),
    Column("total_interactions", BigInteger, nullable=False, server_default="0"),
    # Sums of sentiments (-1..1) that could be told, and of qualities (0..1).
    number("sentiment_sum", nullable=False, server_default="0"),
    Column("sentiment_count", BigInteger, nullable=False, server_default="0"),
    number("quality_sum", nullable=False, server_default="0"),
    _mean("average_sentiment", "sentiment_sum", "sentiment_count"),
    _mean("average_quality", "quality_sum", "total_interactions"),
    instant("last_interaction_at"),
    # As of their last message: mood -1..1, how it moves [a day], and in a word (improving, stable, declining).
    number("mood"),
    number("mood_slope"),
    words("mood_trend"),
    words("last_sentiment"),
    number("last_quality"),
    # By the pass: [{topic, weight, last_at}], the heaviest first; local hours 0..23, the busiest and the best first.
    Column("preferred_topics", JSONB, nullable=False, server_default="[]"),
    Column("most_active_hours", ARRAY(Integer), nullable=False, server_default="{}"),
    Column("best_hours", ARRAY(Integer), nullable=False, server_default="{}"),
    # As dropout_risk_scores had it; whether that is enough, and sure enough, to reach out.
    number("churn_risk_score"),
    Column("needs_re_engagement", Boolean, nullable=False, server_default="false"),
    # How much they need us, 0..1: the larger of a risk that is sure enough and a low mood.
    number("need", nullable=False, server_default="0"),
    instant("analyzed_at"),
    instant("updated_at", nullable=False, server_default=NOW),
    Index("ix_user_behavior_patterns_need", "organization_id", text("need DESC"), "user_id",
          postgresql_where=text("need > 0")),
    info=OWNED,
)  # fmt: skip
