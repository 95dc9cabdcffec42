"""Milestones: what organisations add to those everybody has or change of them, and who reached which."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, PrimaryKeyConstraint, Table, text

from tactful.store.tables.base import TOLD, instant, metadata, number, organisation, person, words

NOW = text("now()")

# One that is called like one of those everybody has (`sense.milestones`) stands in its place.
engagement_milestones = Table(
    "engagement_milestones",
    metadata,
    organisation("organization_id"),
    words("milestone_name", nullable=False),
    words("display_name", nullable=False),
    words("description", nullable=False, server_default=""),
    words("metric_name", nullable=False),
    number("target_value", nullable=False),
    # count, streak or duration: that of the metric
    words("metric_type", nullable=False),
    words("category", nullable=False),
    Column("difficulty_level", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    # How often it was changed; each time is in the audit log.
    Column("version", Integer, nullable=False, server_default="1"),
    instant("created_at", nullable=False, server_default=NOW),
    instant("updated_at", nullable=False, server_default=NOW),
    PrimaryKeyConstraint("organization_id", "milestone_name"),
    info={**TOLD, "organisation_column": "organization_id"},
)

# A row once it is reached, as it was then, and never taken back. How far somebody is before that follows from what is
# kept up with every fact, and is not stored.
user_milestone_progress = Table(
    "user_milestone_progress",
    metadata,
    person("user_id"),
    words("milestone_name", nullable=False),
    organisation("organization_id"),
    words("display_name", nullable=False),
    words("metric_name", nullable=False),
    number("target_value", nullable=False),
    number("current_value", nullable=False),
    Column("difficulty_level", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    # No later than what they did last, as known when it was noticed; and when that was.
    instant("achieved_at", nullable=False),
    instant("noticed_at", nullable=False),
    # waiting -> celebrated; or silent: they had it before it went live, or it was long past
    words("celebration", nullable=False, server_default="waiting"),
    instant("celebrated_at"),
    PrimaryKeyConstraint("user_id", "milestone_name"),
    Index("ix_user_milestone_progress_name", "organization_id", "milestone_name"),
    Index("ix_user_milestone_progress_waiting", "user_id", postgresql_where=text("celebration = 'waiting'")),
    CheckConstraint("celebration IN ('waiting','celebrated','silent')", name="celebration"),
    # Answering a celebration notes that it was seen.
    info={
        "owner": "person",
        "person_column": "user_id",
        "organisation_column": "organization_id",
        "person_may": "SELECT, UPDATE (celebration, celebrated_at)",
    },
)
