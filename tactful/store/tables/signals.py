"""What a live audience does: raw signals, the keys that make them count once, and the sums that are read every second.

Rows that are written with every signal carry no foreign keys: their checks cost more than the rows.
"""

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Integer, PrimaryKeyConstraint, Table, text

from tactful.store.tables.base import ENGINE, TOLD, document, instant, metadata, words

signals = Table(
    "signals",
    metadata,
    Column("organisation_id", BigInteger, nullable=False),
    Column("live_session_id", BigInteger, nullable=False),
    # Without gaps within a session, in the order of commits.
    Column("seq", BigInteger, nullable=False),
    words("id", nullable=False),
    words("kind", nullable=False),
    # The product's own id; null where only numbers are told.
    words("participant"),
    instant("at", nullable=False),
    instant("received_at", nullable=False),
    # How many of them, and how much: attention 0..1, else null.
    Column("count", Integer, nullable=False),
    Column("value", Double),
    document("properties"),
    Index("ix_signals_live_session_id_at", "live_session_id", "at"),
    Index("ix_signals_participant", "participant", postgresql_where=text("participant IS NOT NULL")),
    postgresql_partition_by="RANGE (at)",
    info=TOLD | {"partition_by": "at", "chunk": "1 day"},
)

signal_keys = Table(
    "signal_keys",
    metadata,
    Column("live_session_id", BigInteger, nullable=False),
    words("id", nullable=False),
    instant("received_at", nullable=False),
    PrimaryKeyConstraint("live_session_id", "id"),
    Index("ix_signal_keys_received_at", "received_at", postgresql_using="brin"),
    info=ENGINE,
)

# Locked by whoever counts signals of the session, so what is read from it is in the order of commits.
live_counts = Table(
    "live_counts",
    metadata,
    Column("live_session_id", BigInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False, server_default="0"),
    Column("viewers", Integer, nullable=False, server_default="0"),
    # Of them, those who were told as a number only.
    Column("nameless", Integer, nullable=False, server_default="0"),
    instant("changed_at"),
    info=ENGINE,
)

# Sums of the signals of one second of a session's time. `seq`: that of the last signal in them.
live_seconds = Table(
    "live_seconds",
    metadata,
    Column("live_session_id", BigInteger, nullable=False),
    Column("organisation_id", BigInteger, nullable=False),
    instant("at", nullable=False),
    Column("seq", BigInteger, nullable=False),
    # The audience after the last of them.
    Column("viewers", Integer, nullable=False),
    Column("joins", Integer, nullable=False, server_default="0"),
    Column("leaves", Integer, nullable=False, server_default="0"),
    Column("chats", Integer, nullable=False, server_default="0"),
    Column("reactions", Integer, nullable=False, server_default="0"),
    Column("votes", Integer, nullable=False, server_default="0"),
    Column("questions", Integer, nullable=False, server_default="0"),
    Column("hands", Integer, nullable=False, server_default="0"),
    Column("attention_sum", Double, nullable=False, server_default="0"),
    Column("attention_count", Integer, nullable=False, server_default="0"),
    Index("ix_live_seconds_live_session_id_at", "live_session_id", "at", unique=True),
    postgresql_partition_by="RANGE (at)",
    info=TOLD | {"partition_by": "at", "chunk": "1 day"},
)

# Who is there, as far as they have names, and what they did: the leaderboard is read from it.
live_participants = Table(
    "live_participants",
    metadata,
    Column("live_session_id", BigInteger, nullable=False),
    words("participant", nullable=False),
    Column("organisation_id", BigInteger, nullable=False),
    Column("present", Boolean, nullable=False),
    # When they last came or went, by their own time.
    instant("since", nullable=False),
    instant("first_at", nullable=False),
    instant("last_at", nullable=False),
    Column("chats", Integer, nullable=False, server_default="0"),
    Column("reactions", Integer, nullable=False, server_default="0"),
    Column("votes", Integer, nullable=False, server_default="0"),
    Column("questions", Integer, nullable=False, server_default="0"),
    Column("hands", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("live_session_id", "participant"),
    Index("ix_live_participants_participant", "organisation_id", "participant"),
    info=TOLD,
)
