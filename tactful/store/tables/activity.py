"""What people do: raw events, the keys that make them count once, and the state that features read.

Rows that are written with every event carry no foreign keys: their checks cost more than the rows,
and each would lock the organisation's row. `erasure.erase` deletes them with their person.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, PrimaryKeyConstraint, SmallInteger, Table, text

from tactful.store.tables.base import ENGINE, PERSON, document, instant, metadata, number, person, words

events = Table(
    "events",
    metadata,
    Column("organisation_id", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False),
    words("id", nullable=False),
    words("kind", nullable=False),
    instant("occurred_at", nullable=False),
    instant("received_at", nullable=False, server_default=text("now()")),
    words("content_id"),
    words("skill_id"),
    words("topic"),
    document("properties"),
    Index("ix_events_person_id_occurred_at", "person_id", "occurred_at"),
    postgresql_partition_by="RANGE (occurred_at)",
    info={"owner": "person", "partition_by": "occurred_at"},
)

event_keys = Table(
    "event_keys",
    metadata,
    Column("organisation_id", BigInteger, nullable=False),
    words("id", nullable=False),
    instant("received_at", nullable=False, server_default=text("now()")),
    PrimaryKeyConstraint("organisation_id", "id"),
    # Keys come in order of time; what is old lies together, and such an index costs next to nothing to keep.
    Index("ix_event_keys_received_at", "received_at", postgresql_using="brin"),
    info=ENGINE,
)

person_day = Table(
    "person_day",
    metadata,
    Column("person_id", BigInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("organisation_id", BigInteger, nullable=False),
    # The zone in force when the day's first event was counted.
    words("zone", nullable=False),
    Column("events", Integer, nullable=False, server_default="0"),
    Column("sessions", Integer, nullable=False, server_default="0"),
    Column("completions", Integer, nullable=False, server_default="0"),
    # Sum and number of scores in 0..1 and of sentiments in -1..1.
    number("score_sum", nullable=False, server_default="0"),
    Column("score_count", Integer, nullable=False, server_default="0"),
    number("sentiment_sum", nullable=False, server_default="0"),
    Column("sentiment_count", Integer, nullable=False, server_default="0"),
    number("seconds", nullable=False, server_default="0"),
    PrimaryKeyConstraint("person_id", "day"),
    postgresql_partition_by="RANGE (day)",
    info={"owner": "person", "partition_by": "day"},
)

person_hour = Table(
    "person_hour",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    # Local hour of the week: weekday (Monday 0) * 24 + hour, 0..167.
    Column("hour", SmallInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, nullable=False),
    Column("events", Integer, nullable=False, server_default="0"),
    # Sum and number of scores in 0..1.
    number("score_sum", nullable=False, server_default="0"),
    Column("score_count", Integer, nullable=False, server_default="0"),
    info=PERSON,
)

person_session = Table(
    "person_session",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    instant("started_at", primary_key=True),
    Column("organisation_id", BigInteger, nullable=False),
    instant("ended_at", nullable=False),
    # The local day on which it started.
    Column("day", Date, nullable=False),
    Column("events", Integer, nullable=False),
    info=PERSON,
)

person_skill = Table(
    "person_skill",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    words("skill_id", primary_key=True),
    Column("organisation_id", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    number("score_sum", nullable=False, server_default="0"),
    instant("last_at", nullable=False),
    info=PERSON,
)

person_state = Table(
    "person_state",
    metadata,
    person(primary_key=True),
    Column("organisation_id", BigInteger, nullable=False),
    instant("first_seen_at"),
    instant("last_seen_at"),
    instant("last_completion_at"),
    Column("events", BigInteger, nullable=False, server_default="0"),
    Column("completions", BigInteger, nullable=False, server_default="0"),
    number("seconds", nullable=False, server_default="0"),
    Column("active_days", Integer, nullable=False, server_default="0"),
    # Days in a row that end on streak_day; whether it still stands depends on the day it is read.
    Column("current_streak", Integer, nullable=False, server_default="0"),
    Column("longest_streak", Integer, nullable=False, server_default="0"),
    Column("streak_day", Date),
    # Which of the seven days up to streak_day they were active on: bit n is for n days before it.
    Column("week_days", SmallInteger, nullable=False, server_default="0"),
    # How often they came again after more than two weeks away.
    Column("comebacks", Integer, nullable=False, server_default="0"),
    # Busiest local hour of the morning (5..11) and of the evening (17..23), once known.
    Column("morning_hour", SmallInteger),
    Column("evening_hour", SmallInteger),
    # How often something came that they had done before they were last seen, outside the sessions known by then.
    Column("filled_in", Integer, nullable=False, server_default="0"),
    instant("changed_at", nullable=False, server_default=text("now()")),
    # When a tick should look at this person again; facts set it to now.
    instant("next_due_at", nullable=False, server_default=text("now()")),
    Index("ix_person_state_next_due_at", "next_due_at"),
    info=PERSON,
)
