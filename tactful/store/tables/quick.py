"""How often quick actions are chosen: sums with forward decay (facts.quick), by person and by organisation."""

from sqlalchemy import BigInteger, Column, Index, SmallInteger, Table

from tactful.store.tables.base import ENGINE, instant, metadata, number, words

# A row for all pages and the whole day, one for the page, and one for the part of the day. Without foreign keys:
# `erasure.erase` takes them off the organisation's sums before it deletes them.
quick_action_uses = Table(
    "quick_action_uses",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    words("action_id", primary_key=True),
    words("page", primary_key=True),
    # Part of the person's own day, 0 to 7; -1 for the whole day.
    Column("part", SmallInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, nullable=False),
    number("weight", nullable=False),
    instant("last_at", nullable=False),
    Index("ix_quick_action_uses_last_at", "last_at", postgresql_using="brin"),
    info={"owner": "person"},
)

# Shared by everybody of an organisation, so they are added to and never set.
quick_action_totals = Table(
    "quick_action_totals",
    metadata,
    Column("organisation_id", BigInteger, primary_key=True, autoincrement=False),
    words("action_id", primary_key=True),
    words("page", primary_key=True),
    number("weight", nullable=False),
    instant("last_at", nullable=False),
    info=ENGINE,
)
