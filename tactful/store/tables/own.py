"""What organisations have set for themselves: every version of it."""

from sqlalchemy import BigInteger, Column, Index, Integer, Table

from tactful.store.tables.base import TOLD, document, instant, key, metadata, organisation, words

own_settings = Table(
    "own_settings",
    metadata,
    # Rising in the order in which changes were committed (`store.described.own.HOLD`), so that a number says which
    # values of everybody's were in force.
    key(),
    organisation(),
    # settings, templates, or kinds (files of kinds of their own: what is live of them is among the settings)
    words("area", nullable=False),
    # Counted from 1 within the organisation and the area.
    Column("version", Integer, nullable=False),
    instant("at", nullable=False),
    words("actor", nullable=False),
    words("note", nullable=False, server_default=""),
    # All that was the organisation's own once this was done, and what of it this changed: name -> [from, to].
    document("body"),
    document("changes"),
    # The version that this took back.
    Column("undoes", BigInteger),
    Index("uq_own_settings_version", "organisation_id", "area", "version", unique=True),
    info=TOLD,
)

# What trying out a file of kinds on the past said; how many and how often, never who.
own_kind_trials = Table(
    "own_kind_trials",
    metadata,
    key(),
    organisation(),
    # Of `own_settings`, in the area of kinds.
    Column("version", Integer, nullable=False),
    instant("at", nullable=False),
    words("actor", nullable=False),
    document("result"),
    Index("ix_own_kind_trials_version", "organisation_id", "version", "at"),
    info=TOLD,
)
