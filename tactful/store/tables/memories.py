"""What is kept of answers so that forgetting can be told, and what was found to be forgotten.

The columns of all but the last are those of facts.memories. They are written with every scored attempt, hence without
foreign keys; see `activity`.
"""

from collections.abc import Mapping

from polars._typing import PolarsDataType
from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, Table, text

from tactful.facts.memories import FORM, SKILL, SKILL_SUMS, TOPIC, TOPIC_SUMS
from tactful.store.tables.base import ENGINE, PERSON, instant, key, metadata, number, organisation, person, words
from tactful.store.tables.kinds import columns

NOW = text("now()")


def of_person(name: str, kinds: Mapping[str, PolarsDataType], *keys: str) -> Table:
    """A table of people's rows."""
    owner = Column("organisation_id", BigInteger, nullable=False)
    return Table(name, metadata, *columns(kinds, keys), owner, info=PERSON)


def _sums(name: str, kinds: Mapping[str, PolarsDataType], *keys: str) -> Table:
    """Shared by everybody of an organisation, so they are added to and never set."""
    return Table(name, metadata, *columns(kinds, keys), info=ENGINE)


person_memory = of_person("person_memory", SKILL, "person_id", "skill_id")
person_topic = of_person("person_topic", TOPIC, "person_id", "topic_id")
person_form = of_person("person_form", FORM, "person_id")
skill_sums = _sums("skill_sums", SKILL_SUMS, "organisation_id", "skill_id")
topic_sums = _sums("topic_sums", TOPIC_SUMS, "organisation_id", "topic_id")

skill_regressions = Table(
    "skill_regressions",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    words("skill_id", nullable=False),
    words("skill_name", nullable=False),
    # 0..1
    number("peak_mastery", nullable=False),
    number("current_mastery", nullable=False),
    number("regression_amount", nullable=False),
    Column("days_since_practice", Integer, nullable=False),
    # Which practice it counts from: with the person and the skill this tells one regression from the next.
    instant("last_practiced_at", nullable=False),
    number("predicted_mastery_in_week"),
    words("urgency", nullable=False),
    Column("reminder_sent", Boolean, nullable=False, server_default="false"),
    instant("reminder_sent_at"),
    Column("user_reviewed", Boolean, nullable=False, server_default="false"),
    instant("reviewed_at"),
    instant("detected_at", nullable=False, server_default=NOW),
    # Ours: since when it is no longer told, because they practised or because the belief changed.
    instant("ended_at"),
    instant("updated_at", nullable=False, server_default=NOW),
    Index("ix_skill_regressions_user_id_urgency_reminder_sent", "user_id", "urgency", "reminder_sent"),
    Index("uq_skill_regressions_practice", "user_id", "skill_id", "last_practiced_at", unique=True),
    # Answering a reminder notes that it was seen.
    info={
        "owner": "person",
        "person_column": "user_id",
        "organisation_column": "organization_id",
        "person_may": "SELECT, UPDATE (reminder_sent, reminder_sent_at)",
    },
)
