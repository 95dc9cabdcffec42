"""Help shown where somebody is, and what they answered: the seed's inline_help_logs."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table

from tactful.store.tables.base import instant, key, metadata, organisation, person, words

inline_help_logs = Table(
    "inline_help_logs",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    # What they did that was reason for it, or foreseen_struggle.
    words("help_type", nullable=False),
    words("page", nullable=False),
    words("topic"),
    words("content_id"),
    words("concept"),
    # Ours: what it was about, in small letters; dismissed once, it is not offered again that day.
    words("about", nullable=False),
    words("title", nullable=False),
    words("message", nullable=False),
    instant("shown_at", nullable=False),
    words("user_response"),
    instant("responded_at"),
    Column("decision_id", BigInteger, nullable=False),
    # The belief about struggling that it follows from, where one does.
    Column("prediction_id", BigInteger),
    Index("ix_inline_help_logs_user_id_shown_at", "user_id", "shown_at"),
    Index("ix_inline_help_logs_shown_at", "shown_at"),
    CheckConstraint("user_response IN ('accepted','dismissed')", name="user_response"),
    info={
        "owner": "person",
        "person_column": "user_id",
        "organisation_column": "organization_id",
        # People answer the help they were shown, which is all they may change of it.
        "person_may": "SELECT, UPDATE (user_response, responded_at)",
    },
)
