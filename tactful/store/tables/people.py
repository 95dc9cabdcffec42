"""Who there is: organisations, people, groups, the catalogue and service tokens."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import (
    ENGINE,
    ORGANISATION,
    PERSON,
    SHARED,
    document,
    instant,
    key,
    metadata,
    number,
    organisation,
    person,
    words,
)  # fmt: skip

NOW = text("now()")

# A text as the words in it, without marks, in small letters; a word is no longer than PostgreSQL takes. Written as
# PostgreSQL writes it, by which a migration is told from what is here.
SPLIT = r"string_to_array(btrim(regexp_replace(lower({}), '(\W|_)+'::text, ' '::text, 'g'::text)), ' '::text)"
ID_AND_NAME = "(\"left\"(external_id, 255) || ' '::text) || \"left\"(COALESCE(name, ''::text), 255)"
PEOPLE_WORDS = f"array_to_tsvector({SPLIT.format(ID_AND_NAME)})"

organisations = Table(
    "organisations",
    metadata,
    key(),
    words("name", nullable=False, unique=True),
    words("zone", nullable=False, server_default="UTC"),
    # Chance of this organisation's decisions; never shown to clients.
    Column("seed", BigInteger, nullable=False),
    instant("created_at", nullable=False, server_default=NOW),
    info={"owner": "tenant"},
)

people = Table(
    "people",
    metadata,
    key(),
    organisation(),
    words("external_id", nullable=False),
    words("name"),
    words("zone", nullable=False, server_default="UTC"),
    # Where the zone came from: person, device, organisation or default.
    words("zone_source", nullable=False, server_default="default"),
    words("locale", nullable=False, server_default="en"),
    # Purpose -> true or false; a purpose that is absent follows the setting decide.consent_default.
    document("consent"),
    # 0 to 9,999, drawn once when the person is created; the holdout is the lowest of them.
    Column("holdout_bucket", SmallInteger, nullable=False),
    instant("created_at", nullable=False, server_default=NOW),
    instant("updated_at", nullable=False, server_default=NOW),
    UniqueConstraint("organisation_id", "external_id"),
    # The words of their id and name, for finding people by how these begin.
    Index("ix_people_words", text(PEOPLE_WORDS.replace(":", r"\:")), postgresql_using="gin"),
    info={"owner": "person", "person_column": "id"},
)

groups = Table(
    "groups",
    metadata,
    key(),
    organisation(),
    words("external_id", nullable=False),
    words("name"),
    UniqueConstraint("organisation_id", "external_id"),
    info=ORGANISATION,
)

group_members = Table(
    "group_members",
    metadata,
    Column("group_id", BigInteger, ForeignKey("groups.id", ondelete="CASCADE"), primary_key=True),
    person(primary_key=True),
    organisation(),
    # member or educator
    words("role", nullable=False, server_default="member"),
    Index("ix_group_members_person_id", "person_id"),
    info=PERSON,
)

content = Table(
    "content",
    metadata,
    Column("organisation_id", BigInteger, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    words("id", primary_key=True),
    words("kind", nullable=False, server_default="lesson"),
    words("title"),
    # 0 (easy) to 1 (hard)
    number("difficulty"),
    Column("prerequisites", ARRAY(Text), nullable=False, server_default="{}"),
    Column("topics", ARRAY(Text), nullable=False, server_default="{}"),
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),
    instant("updated_at", nullable=False, server_default=NOW),
    info=SHARED,
)

skills = Table(
    "skills",
    metadata,
    Column("organisation_id", BigInteger, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    words("id", primary_key=True),
    words("title"),
    number("difficulty"),
    Column("prerequisites", ARRAY(Text), nullable=False, server_default="{}"),
    Column("topics", ARRAY(Text), nullable=False, server_default="{}"),
    instant("updated_at", nullable=False, server_default=NOW),
    info=SHARED,
)

# Whose widget tokens were ended, and who was erased, by marks that name nobody: see `described.endings`.
ended_tokens = Table(
    "ended_tokens",
    metadata,
    Column("organisation_id", BigInteger, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    words("mark", primary_key=True),
    # Those that were made until then are refused.
    instant("ended_at", nullable=False),
    Index("ix_ended_tokens_ended_at", "ended_at"),
    info=ENGINE,
)

erased_people = Table(
    "erased_people",
    metadata,
    Column("organisation_id", BigInteger, ForeignKey("organisations.id", ondelete="CASCADE"), primary_key=True),
    words("mark", primary_key=True),
    instant("erased_at", nullable=False),
    info=ENGINE,
)

service_tokens = Table(
    "service_tokens",
    metadata,
    words("id", primary_key=True),
    organisation(),
    words("scope", nullable=False),
    words("note", nullable=False, server_default=""),
    instant("created_at", nullable=False, server_default=NOW),
    instant("expires_at"),
    instant("revoked_at"),
    info=ENGINE,
)
