"""What is noticed in a live session, what is done about it, and what came of it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from tactful.store.tables.base import ENGINE, TOLD, document, instant, key, metadata, number, organisation, words
from tactful.store.tables.live import live_session

OWN_UUID = text("gen_random_uuid()")

anomalies = Table(
    "anomalies",
    metadata,
    Column("id", UUID, nullable=False, server_default=OWN_UUID),
    Column("organisation_id", BigInteger, nullable=False),
    Column("live_session_id", BigInteger, nullable=False),
    words("session_id", nullable=False),
    words("event_id", nullable=False),
    instant("timestamp", nullable=False),
    # The stretch in which it was noticed, counted from the start of the session.
    Column("bin", Integer, nullable=False),
    # SUDDEN_DROP, GRADUAL_DECLINE, LOW_ENGAGEMENT, MASS_EXIT
    words("anomaly_type", nullable=False),
    words("severity", nullable=False),
    # How likely it is that something has changed, 0..1.
    number("anomaly_score", nullable=False),
    number("current_engagement"),
    number("expected_engagement"),
    # By how much it is lower than expected, in percent.
    number("deviation"),
    words("reasoning", nullable=False),
    document("signals"),
    PrimaryKeyConstraint("id", "timestamp"),
    # Noticed once, whoever looked.
    Index("uq_anomalies_noticed", "live_session_id", "anomaly_type", "timestamp", unique=True),
    Index("ix_anomalies_live_session_id", "live_session_id", "timestamp"),
    postgresql_partition_by="RANGE (timestamp)",
    info=TOLD | {"partition_by": "timestamp", "chunk": "30 days"},
)

interventions = Table(
    "interventions",
    metadata,
    Column("id", UUID, nullable=False, server_default=OWN_UUID),
    Column("organisation_id", BigInteger, nullable=False),
    Column("live_session_id", BigInteger, nullable=False),
    words("session_id", nullable=False),
    words("event_id", nullable=False),
    instant("timestamp", nullable=False),
    # POLL, CHAT_PROMPT, NOTIFICATION, GAMIFICATION
    words("type", nullable=False),
    number("confidence", nullable=False),
    words("reasoning"),
    # What came of it: filled in once it can be told.
    Column("outcome", JSONB),
    document("metadata"),
    Column("decision_id", BigInteger),
    # The organiser who approved it or set it off; null where nobody had to.
    words("actor"),
    PrimaryKeyConstraint("id", "timestamp"),
    Index("idx_intervention_session", "session_id", "timestamp"),
    Index("ix_interventions_organisation_id", "organisation_id", "timestamp"),
    Index("ix_interventions_event_id", "organisation_id", "event_id", "timestamp"),
    Index("ix_interventions_live_session_id", "live_session_id", "timestamp"),
    CheckConstraint("type IN ('POLL','CHAT_PROMPT','NOTIFICATION','GAMIFICATION')", name="type"),
    postgresql_partition_by="RANGE (timestamp)",
    info=TOLD | {"partition_by": "timestamp", "chunk": "30 days"},
)

live_suggestions = Table(
    "live_suggestions",
    metadata,
    key(),
    organisation(),
    live_session(),
    Column("decision_id", BigInteger, nullable=False),
    words("type", nullable=False),
    number("confidence", nullable=False),
    words("priority", nullable=False),
    words("reasoning", nullable=False),
    # What would be said and done.
    document("content"),
    # waiting -> approved, dismissed, expired
    words("state", nullable=False, server_default="waiting"),
    instant("suggested_at", nullable=False),
    instant("expires_at", nullable=False),
    instant("answered_at"),
    words("answered_by"),
    # What became of it, once approved.
    Column("intervention_id", UUID),
    Index("ix_live_suggestions_live_session_id", "live_session_id", "suggested_at"),
    # Not the same thing twice: one waiting suggestion of a kind in a session.
    Index(
        "uq_live_suggestions_one_waiting",
        "live_session_id",
        "type",
        unique=True,
        postgresql_where=text("state = 'waiting'"),
    ),
    CheckConstraint("state IN ('waiting','approved','dismissed','expired')", name="state"),
    info=TOLD,
)

# What a session's attention has been spent on; locked by whoever acts in it.
live_attention = Table(
    "live_attention",
    metadata,
    Column("live_session_id", BigInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, nullable=False),
    # Kind -> epoch seconds of the last one.
    document("last_by_kind"),
    Column("acted", Integer, nullable=False, server_default="0"),
    # The templates used last, newest first, ten at most.
    Column("templates", ARRAY(Text), nullable=False, server_default="{}"),
    info=ENGINE,
)

# A moment in which something could have been done: acted upon, proposed to an organiser, or left alone on purpose.
# What was heard afterwards is compared across them.
live_moments = Table(
    "live_moments",
    metadata,
    Column("decision_id", BigInteger, primary_key=True, autoincrement=False),
    organisation(),
    live_session(),
    instant("at", nullable=False),
    words("anomaly_type", nullable=False),
    # What chances were drawn by: anomaly, size of the audience, part of the session.
    words("context", nullable=False),
    # The kind that was chosen, and its template; what a control would have been, too.
    words("kind", nullable=False),
    words("template"),
    # Whether it was done, and how likely that was.
    Column("acted", Boolean, nullable=False),
    number("propensity", nullable=False),
    # What else could have been chosen, and how likely it was to be left alone.
    Column("offered", ARRAY(Text), nullable=False, server_default="{}"),
    number("control_share", nullable=False),
    Column("intervention_id", UUID),
    # Engagement, 0..1: at the moment, as it had been expected, and over the time after it.
    Column("before", Double),
    Column("after", Double),
    Column("expected", Double),
    # When what came of it can be told, and when it was.
    instant("settles_at", nullable=False),
    instant("settled_at"),
    # The session ended, or nobody was left, before anything could be told.
    Column("spoiled", Boolean, nullable=False, server_default="false"),
    Index("ix_live_moments_waiting", "settles_at", postgresql_where=text("settled_at IS NULL")),
    Index("ix_live_moments_live_session_id", "live_session_id", "at"),
    Index("ix_live_moments_organisation_id", "organisation_id", "settled_at"),
    info=TOLD,
)

# What an organisation's moments have taught of each kind and template, as plain numbers (`learn.arms`).
live_arms = Table(
    "live_arms",
    metadata,
    Column("organisation_id", BigInteger, primary_key=True, autoincrement=False),
    # kind or template
    words("arm", primary_key=True),
    document("body"),
    instant("learned_at", nullable=False),
    info=ENGINE,
)

# What is to be published, written with what it tells of; gone from here once it is.
outbox = Table(
    "outbox",
    metadata,
    key(),
    # What Valkey remembers it by: numbers begin anew in another database.
    Column("mark", UUID, nullable=False, server_default=OWN_UUID),
    organisation(),
    words("channel", nullable=False),
    document("body"),
    instant("written_at", nullable=False, server_default=text("clock_timestamp()")),
    instant("published_at"),
    Index("ix_outbox_waiting", "id", postgresql_where=text("published_at IS NULL")),
    info=ENGINE,
)
