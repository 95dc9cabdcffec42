"""Where people are now: the seed's presence states, and visits that are still open."""

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Index, Integer, Table, text
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import PERSON, instant, key, metadata, number, person, words

ambient_presence_states = Table(
    "ambient_presence_states",
    metadata,
    key(),
    person("user_id", unique=True),
    Column("organization_id", BigInteger, nullable=False),
    words("current_page"),
    words("current_topic"),
    words("current_content_id"),
    # Ours: the last content they were at, to go on with it from anywhere.
    words("last_content_id"),
    number("time_on_page", nullable=False, server_default="0"),
    Column("scroll_count", Integer, nullable=False, server_default="0"),
    Column("mouse_hesitations", Integer, nullable=False, server_default="0"),
    instant("last_seen_at", nullable=False),
    # Before the last beats: what of a person's time those may count.
    instant("seen_before_at"),
    # Which visit this is of, by the page's own name for it, and which of its beats; whether the page was left.
    words("visit_id"),
    Column("seq", Integer),
    Column("page_left", Boolean, nullable=False, server_default="false"),
    # Counters of the person's own local day `counters_day`.
    Column("counters_day", Date),
    Column("quick_access_count_today", Integer, nullable=False, server_default="0"),
    Column("inline_help_count_today", Integer, nullable=False, server_default="0"),
    instant("created_at", nullable=False, server_default=text("now()")),
    Index("ix_ambient_presence_states_last_seen_at", "last_seen_at"),
    info={"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"},
)

visits = Table(
    "visits",
    metadata,
    person(primary_key=True),
    words("page", primary_key=True),
    words("content_id", primary_key=True, server_default=""),
    # As the first beat had it: tells tabs apart.
    instant("opened_at", primary_key=True),
    # The page's own name for it, where it has one: told apart by that, and its time counted by the next three.
    words("visit_id", primary_key=True, server_default=""),
    instant("since"),
    # What of its time on page was counted before: it had fallen silent, and went on.
    number("before", nullable=False, server_default="0"),
    # The stretches of time that count here [epoch seconds]: from, until, from, until, ...
    Column("claims", ARRAY(Double)),
    Column("organisation_id", BigInteger, nullable=False),
    words("topic"),
    instant("last_beat_at", nullable=False),
    number("time_on_page", nullable=False, server_default="0"),
    # Of the person's time, those that count here and nowhere else.
    number("seconds", nullable=False, server_default="0"),
    Column("scroll_count", Integer, nullable=False, server_default="0"),
    Column("mouse_hesitations", Integer, nullable=False, server_default="0"),
    # No index on last_beat_at: every beat would have to write it, and only what is open now is here.
    info=PERSON,
)

# Visits with names of their own that are over, for as long as beats of theirs may still come.
told_visits = Table(
    "told_visits",
    metadata,
    person(primary_key=True),
    words("visit_id", primary_key=True),
    words("page", primary_key=True),
    words("content_id", primary_key=True),
    Column("organisation_id", BigInteger, nullable=False),
    number("time_on_page", nullable=False),
    instant("last_beat_at", nullable=False),
    Column("claims", ARRAY(Double), nullable=False),
    Index("ix_told_visits_last_beat_at", "last_beat_at"),
    info=PERSON,
)
