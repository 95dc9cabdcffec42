"""What somebody asked to be said to a person outside the product, and what became of that."""

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Table, text

from tactful.store.tables.base import document, instant, key, metadata, number, organisation, person, words

NOW = text("now()")

proactive_outreach = Table(
    "proactive_outreach",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    words("outreach_type", nullable=False),
    # What it is worth saying, 0 to 1: of several the most valuable wins.
    number("priority_score", nullable=False),
    # scheduled -> chosen; or folded (into a digest), expired, cancelled. What became of what was chosen is told by its
    # intervention.
    words("status", nullable=False, server_default="scheduled"),
    # Why: what asked for it.
    words("trigger", nullable=False),
    # What it is about, for its words: topic, feature, ...
    document("context_data"),
    instant("scheduled_time", nullable=False),
    instant("expires_at", nullable=False),
    instant("created_at", nullable=False, server_default=NOW),
    # When it was no longer waiting.
    instant("closed_at"),
    Column("intervention_id", BigInteger),
    # By what name the asker knows it: the same again is the same one.
    words("external_id"),
    Index("ix_proactive_outreach_waiting", "user_id", "scheduled_time", postgresql_where=text("status = 'scheduled'")),
    Index("ix_proactive_outreach_user_id", "user_id", "id"),
    Index("ix_proactive_outreach_intervention_id", "intervention_id"),
    Index("uq_proactive_outreach_external_id", "organization_id", "external_id", unique=True),
    CheckConstraint("priority_score BETWEEN 0 AND 1", name="priority_score"),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)
