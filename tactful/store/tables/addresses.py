"""Where people are reached outside the product, and what they agreed to, over time."""

from sqlalchemy import Boolean, Column, Index, Integer, Table, UniqueConstraint, Uuid, text

from tactful.store.tables.base import ENGINE, PERSON, instant, key, metadata, organisation, person, words

NOW = text("now()")
READ = PERSON | {"person_may": "SELECT"}
# Whoever answers is counted as somebody who answers there.
COUNTED = PERSON | {"person_may": "SELECT, UPDATE (answered)"}

addresses = Table(
    "addresses",
    metadata,
    key(),
    organisation(),
    person(),
    words("channel", nullable=False),
    words("address", nullable=False),
    # Names it in the way out that stands in every message: whoever has it can stop messages, and nothing else.
    Column("token", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    # Who told it: product, or the person themselves, and then what they agreed to, in the words they saw.
    words("source", nullable=False, server_default="product"),
    words("wording"),
    instant("created_at", nullable=False, server_default=NOW),
    # Since when nothing goes there, and why: gone, blocked.
    instant("disabled_at"),
    words("disabled_because"),
    # What went there, and what was answered to that.
    Column("sent", Integer, nullable=False, server_default="0"),
    Column("answered", Integer, nullable=False, server_default="0"),
    # How many came back since it was told, though the address may still be good.
    Column("bounced", Integer, nullable=False, server_default="0"),
    UniqueConstraint("person_id", "channel", "address"),
    Index("uq_addresses_token", "token", unique=True),
    Index("ix_addresses_channel_address", "channel", text('"left"(address, 255)')),
    info=COUNTED,
)

# One-time tokens with which people link a chat to themselves.
links = Table(
    "links",
    metadata,
    # A mark of the token; who reads the table cannot use it.
    words("mark", primary_key=True),
    organisation(),
    person(),
    words("channel", nullable=False),
    instant("expires_at", nullable=False),
    Index("ix_links_person_id", "person_id"),
    Index("ix_links_expires_at", "expires_at"),
    info=ENGINE,
)

consent_changes = Table(
    "consent_changes",
    metadata,
    key(),
    person(),
    organisation(),
    instant("at", nullable=False),
    words("purpose", nullable=False),
    # null: they take back what they said, and the default holds again.
    Column("given", Boolean),
    # product, person, or the channel they said it through
    words("source", nullable=False),
    words("wording"),
    Index("ix_consent_changes_person_id_at", "person_id", "at"),
    info=READ,
)
