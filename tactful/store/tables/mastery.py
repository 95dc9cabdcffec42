"""How people do on skills: the curve of their attempts, and where they are stuck."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import PERSON, instant, key, metadata, number, organisation, person, words

NOW = text("now()")

# Written with every scored attempt, hence without foreign keys; see `activity`. The columns are those of facts.curves.
skill_curve = Table(
    "skill_curve",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    words("skill_id", primary_key=True),
    Column("organisation_id", BigInteger, nullable=False),
    words("topic"),
    Column("attempts", Integer, nullable=False),
    number("score_sum", nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("sums", ARRAY(Double), nullable=False),
    Column("days", ARRAY(Integer), nullable=False),
    # When attempts were last counted; what is worked out from curves need not look at older ones again.
    instant("changed_at", nullable=False),
    info=PERSON,
)

learning_plateaus = Table(
    "learning_plateaus",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    words("topic", nullable=False),
    words("skill_id", nullable=False),
    Column("days_on_topic", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    # 0..1, as last worked out while it was active; and its change without progress (-1..1)
    number("mastery_level", nullable=False),
    number("mastery_improvement", nullable=False),
    # Ours: mastery when it was found.
    number("mastery_found", nullable=False),
    Column("is_active", Boolean, nullable=False, server_default="true"),
    Column("resolved", Boolean, nullable=False, server_default="false"),
    instant("resolved_at"),
    # Ours: when they had given up trying; nothing was resolved then.
    instant("left_at"),
    words("intervention_suggested"),
    # Ours: the names of what was suggested so far, oldest first, and when the last of them was.
    Column("suggestions", ARRAY(Text), nullable=False, server_default="{}"),
    instant("suggested_at"),
    # Whether, and when, they took the last suggestion.
    Column("intervention_taken", Boolean, nullable=False, server_default="false"),
    instant("taken_at"),
    instant("detected_at", nullable=False, server_default=NOW),
    instant("updated_at", nullable=False, server_default=NOW),
    Index("ix_learning_plateaus_user_id_is_active_resolved", "user_id", "is_active", "resolved"),
    # Stuck once on a skill at a time; and all that are, in person order.
    Index("uq_learning_plateaus_active", "user_id", "skill_id", unique=True, postgresql_where=text("is_active")),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)
