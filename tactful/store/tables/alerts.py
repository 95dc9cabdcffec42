"""Telling educators: an alert for each when somebody they teach becomes critical, and how many they had today."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import (
    ORGANISATION,
    document,
    instant,
    key,
    metadata,
    number,
    organisation,
    person,
    words,
)

# An alert is the educator's, not the person's it is about; erasing either of them erases it.
EDUCATOR = {"owner": "person", "person_column": "educator_id"}

educator_alerts = Table(
    "educator_alerts",
    metadata,
    key(),
    organisation(),
    person("educator_id"),
    person(),
    # One of the groups in which the educator has them.
    Column("group_id", BigInteger, ForeignKey("groups.id", ondelete="SET NULL")),
    # Since when they are critical: dropout_risk_scores.critical_since. Of one episode an educator is told once.
    instant("episode", nullable=False),
    number("risk_score", nullable=False),
    Column("risk_factors", ARRAY(Text), nullable=False, server_default="{}"),
    # The numbers that its reasons are worded from.
    document("facts"),
    # raised: the educator was told; held: beyond their cap of the day; closed: over, see closed_because.
    words("state", nullable=False, server_default="raised"),
    instant("raised_at", nullable=False),
    # When it came within the cap; null while it is held.
    instant("told_at"),
    instant("closed_at"),
    words("closed_by"),
    words("closed_because"),
    Index("uq_educator_alerts_episode", "educator_id", "person_id", "episode", unique=True),
    Index("ix_educator_alerts_open", "person_id", postgresql_where=text("state <> 'closed'")),
    Index("ix_educator_alerts_person_id_raised_at", "person_id", "raised_at"),
    Index("ix_educator_alerts_held", "educator_id", postgresql_where=text("state = 'held'")),
    Index("ix_educator_alerts_told_at", "told_at"),
    Index("ix_educator_alerts_organisation_id_raised_at", "organisation_id", "raised_at", "id"),
    info=EDUCATOR,
)

educator_days = Table(
    "educator_days",
    metadata,
    person("educator_id", primary_key=True),
    organisation(),
    # How many alerts the educator was told of on their latest local day.
    Column("day", Date, nullable=False),
    Column("told", Integer, nullable=False, server_default="0"),
    info=EDUCATOR,
)

wrong_flags = Table(
    "wrong_flags",
    metadata,
    key(),
    organisation(),
    person(),
    # Who said that they are not leaving: a scope and a subject, and their number where it was an educator.
    words("actor", nullable=False),
    Column("educator_id", BigInteger, ForeignKey("people.id", ondelete="SET NULL")),
    words("note", nullable=False, server_default=""),
    instant("at", nullable=False),
    # Until then the level stays below critical.
    instant("until", nullable=False),
    # What was believed when it was said.
    number("risk_score"),
    words("risk_level", nullable=False),
    Index("ix_wrong_flags_person_id_at", "person_id", "at"),
    # Not the person's to read: it says what others think of them.
    info=ORGANISATION | {"operator_may": "SELECT"},
)
