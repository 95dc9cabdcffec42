"""When people come, whether they answer what is told to them, and at which hours they are at their best.

The columns of the first three are those of facts.contacts and facts.rhythm. They are worked out from sessions and from
what was told and answered, by whoever asks and by a pass (`sensed.contacts`), never while events are counted.
"""

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, Time, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from tactful.facts.contacts import PAIR, PARTY
from tactful.facts.rhythm import RHYTHM
from tactful.store.tables.base import PERSON, instant, key, metadata, number, organisation, person
from tactful.store.tables.kinds import columns

NOW = text("now()")


def _whose(**more: Any) -> Column[int]:
    return Column("person_id", BigInteger, ForeignKey("people.id", ondelete="CASCADE"), **more)


contact_party = Table(
    "contact_party",
    metadata,
    # A person; or an organisation's engine, which has the organisation's number with a minus.
    *columns(PARTY, ("party_id",)),
    _whose(unique=True),
    organisation(),
    # Until when sessions are in, and what they responded.
    instant("seen_until"),
    instant("answered_until"),
    # `filled_in` of person_state when they were last taken in from nothing.
    Column("filled_in", Integer, nullable=False, server_default="0"),
    info=PERSON,
)

contact_pair = Table(
    "contact_pair",
    metadata,
    *columns(PAIR, ("from_id", "to_id")),
    _whose(nullable=False),
    organisation(),
    Index("ix_contact_pair_person_id", "person_id"),
    info=PERSON,
)

person_rhythm = Table(
    "person_rhythm",
    metadata,
    person(primary_key=True),
    organisation(),
    *columns({name: RHYTHM[name] for name in ("day", "hour", "hours")}),
    info=PERSON,
)

user_timing_profiles = Table(
    "user_timing_profiles",
    metadata,
    key(),
    person("user_id", unique=True),
    organisation("organization_id"),
    # Local hours 0..23; days by name, and by their ISO numbers (Monday 1).
    Column("peak_hours", ARRAY(Integer)),
    Column("optimal_study_time", Time),
    Column("best_days", ARRAY(Text)),
    number("avg_session_duration_minutes"),
    Column("preferred_session_length", Integer),
    # Hour -> mean score 0..1, of the hours that have any.
    Column("performance_by_hour", JSONB),
    Column("most_active_hour", Integer),
    Column("least_active_hour", Integer),
    Column("typical_study_days", ARRAY(Integer)),
    Column("sessions_analyzed", Integer, nullable=False, server_default="0"),
    number("confidence", nullable=False, server_default="0"),
    # Ours: the hours of their week that are peaks: for each weekday, Monday first, a bit for each hour.
    Column("good_hours", ARRAY(Integer)),
    instant("created_at", nullable=False, server_default=NOW),
    instant("updated_at", nullable=False, server_default=NOW),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)
