"""What language models were asked to write, what it cost, and what of it waits to be used."""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, Table
from sqlalchemy.dialects.postgresql import JSONB

from tactful.facts.polishing import OUTREACH
from tactful.facts.writing import PURPOSES, Outcome
from tactful.store.tables.base import ENGINE, TOLD, instant, key, metadata, number, organisation, words
from tactful.store.tables.live import live_session

OUTCOMES = ",".join(f"'{each}'" for each in Outcome)
KINDS = ",".join(f"'{each}'" for each in PURPOSES)
ASKED_FOR = ",".join(f"'{each}'" for each in (*PURPOSES, OUTREACH))

# Written before anybody is asked, with the most that it can cost; so what dies half-way has counted.
language_model_calls = Table(
    "language_model_calls",
    metadata,
    key(),
    organisation(),
    # Whose words it was about; none for what is said to single people. It stays when the session is deleted: the
    # money was spent.
    Column("live_session_id", BigInteger),
    instant("at", nullable=False),
    words("model", nullable=False),
    words("purpose", nullable=False),
    Column("input_tokens", Integer, nullable=False, server_default="0"),
    Column("output_tokens", Integer, nullable=False, server_default="0"),
    # In the currency of the prices.
    number("cost", nullable=False),
    number("latency_ms"),
    # claimed -> anything else
    words("outcome", nullable=False, server_default="claimed"),
    # What went wrong, or which rule the words broke.
    words("error", nullable=False, server_default=""),
    Index("ix_language_model_calls_organisation_id", "organisation_id", "at"),
    Index("ix_language_model_calls_live_session_id", "live_session_id", "purpose", "at"),
    CheckConstraint(f"outcome IN ({OUTCOMES})", name="outcome"),
    CheckConstraint(f"purpose IN ({ASKED_FOR})", name="purpose"),
    info=TOLD,
)

# Contents of interventions that wait to be used. Whoever uses one takes it away.
prepared_words = Table(
    "prepared_words",
    metadata,
    live_session(),
    organisation(),
    words("purpose", nullable=False),
    Column("call_id", BigInteger, ForeignKey("language_model_calls.id", ondelete="CASCADE"), nullable=False),
    # As `interventions.metadata` has it.
    Column("content", JSONB, nullable=False),
    instant("prepared_at", nullable=False),
    instant("expires_at", nullable=False),
    # One of a kind for each session.
    Index("uq_prepared_words_purpose", "live_session_id", "purpose", unique=True),
    Index("ix_prepared_words_call_id", "call_id"),
    CheckConstraint(f"purpose IN ({KINDS})", name="purpose"),
    info=ENGINE,
)

# Wordings of outreach that a language model said more finely: the same for everybody who is told them, so of nobody.
polished_words = Table(
    "polished_words",
    metadata,
    key(),
    organisation(),
    # Of what it was before, with kind, language and tone.
    words("print", nullable=False),
    words("kind", nullable=False),
    words("language", nullable=False),
    # Whether anything is named in it, such as a topic, which somebody may have brought in.
    Column("named", Boolean, nullable=False),
    words("model", nullable=False),
    Column("call_id", BigInteger, ForeignKey("language_model_calls.id", ondelete="CASCADE"), nullable=False),
    instant("asked_at", nullable=False),
    # Empty until they are written, and where nothing came of it.
    words("title"),
    words("body"),
    # Until when they are said; without words, from when the same may be asked for again.
    instant("expires_at", nullable=False),
    Index("uq_polished_words_print", "organisation_id", "print", unique=True),
    Index("ix_polished_words_call_id", "call_id"),
    info=ENGINE,
)
