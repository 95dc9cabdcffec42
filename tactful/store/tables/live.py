"""Live sessions: what an organisation says of them, and who looks after them.

Inside they are numbered; on the wire they have the product's own names, which are unique in an organisation.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from tactful.store.tables.base import (
    ENGINE,
    ORGANISATION,
    TOLD,
    instant,
    key,
    metadata,
    number,
    organisation,
    words,
)

# Who holds which sessions is decided by these shares of their numbers.
PARTITIONS = 64


def live_session(**more: Any) -> Column[int]:
    """The live session a row belongs to; deleting it deletes the row."""
    return Column(
        "live_session_id", BigInteger, ForeignKey("live_sessions.id", ondelete="CASCADE"), nullable=False, **more
    )


live_sessions = Table(
    "live_sessions",
    metadata,
    key(),
    organisation(),
    # The product's own names.
    words("session_id", nullable=False),
    words("event_id", nullable=False),
    words("title", nullable=False, server_default=""),
    words("topic", nullable=False, server_default=""),
    words("language", nullable=False, server_default="en"),
    # manual, semi_automatic, automatic
    words("mode", nullable=False),
    # planned -> live -> ended
    words("state", nullable=False, server_default="planned"),
    instant("starts_at"),
    instant("ends_at"),
    instant("started_at"),
    instant("ended_at"),
    # What is believed of its rate of signals before anything is heard: mean and deviation [log per viewer and 10 s].
    number("prior_level"),
    number("prior_spread"),
    # What it was, once it has ended: later sessions start from it.
    number("level"),
    # Goes up with every change of what was said of it: whoever listens reads it anew then.
    Column("revision", Integer, nullable=False, server_default="0"),
    # Its chance: the same moment is decided the same at any replay.
    Column("seed", BigInteger, nullable=False),
    instant("created_at", nullable=False, server_default=text("now()")),
    UniqueConstraint("organisation_id", "session_id"),
    Index("ix_live_sessions_event_id", "organisation_id", "event_id"),
    Index("ix_live_sessions_live", "id", postgresql_where=text("state = 'live'")),
    Index("ix_live_sessions_ended_at", "organisation_id", "ended_at", postgresql_where=text("state = 'ended'")),
    CheckConstraint("mode IN ('manual','semi_automatic','automatic')", name="mode"),
    CheckConstraint("state IN ('planned','live','ended')", name="state"),
    CheckConstraint("ends_at > starts_at", name="ends_at"),
    info=ORGANISATION,
)

agenda_items = Table(
    "agenda_items",
    metadata,
    key(),
    organisation(),
    live_session(),
    # talk, break, questions
    words("kind", nullable=False),
    words("title", nullable=False, server_default=""),
    instant("starts_at", nullable=False),
    instant("ends_at", nullable=False),
    Index("ix_agenda_items_live_session_id", "live_session_id", "starts_at"),
    CheckConstraint("kind IN ('talk','break','questions')", name="kind"),
    CheckConstraint("ends_at > starts_at", name="ends_at"),
    info=ORGANISATION,
)

live_partitions = Table(
    "live_partitions",
    metadata,
    Column("partition", SmallInteger, primary_key=True, autoincrement=False),
    # Goes up with every new holder; whoever acts with an older one is refused.
    Column("epoch", BigInteger, nullable=False, server_default="0"),
    words("holder"),
    info=ENGINE,
)

live_holders = Table(
    "live_holders",
    metadata,
    words("holder", primary_key=True),
    # By the database's clock; after it anybody may take what it holds.
    instant("until", nullable=False),
    info=ENGINE,
)

# What a detector knows of a session after its `bins` first stretches of time: enough to go on from there.
live_snapshots = Table(
    "live_snapshots",
    metadata,
    live_session(primary_key=True),
    organisation(),
    Column("bins", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    instant("taken_at", nullable=False),
    info=ENGINE,
)

# What was heard in each stretch, as the detectors were told: what they are told once more after a takeover.
engagement = Table(
    "engagement",
    metadata,
    Column("live_session_id", BigInteger, nullable=False),
    Column("organisation_id", BigInteger, nullable=False),
    instant("at", nullable=False),
    # The stretch, counted from the start of the session.
    Column("bin", Integer, nullable=False),
    Column("viewers", Integer, nullable=False),
    Column("signals", Double, nullable=False),
    # 0..1, and what it is made of.
    Column("score", Double),
    Column("parts", JSONB, nullable=False, server_default="{}"),
    Index("ix_engagement_live_session_id_at", "live_session_id", "at", unique=True),
    postgresql_partition_by="RANGE (at)",
    info=TOLD | {"partition_by": "at", "chunk": "30 days"},
)
