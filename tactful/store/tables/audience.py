"""What a live audience takes part in: polls and votes, questions and who wants them answered, achievements."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from tactful.store.tables.base import TOLD, instant, key, metadata, organisation, words
from tactful.store.tables.live import live_session

polls = Table(
    "polls",
    metadata,
    Column("id", UUID, primary_key=True, server_default=text("gen_random_uuid()")),
    organisation(),
    live_session(),
    # The intervention that opened it; null where an organiser did so by hand.
    Column("intervention_id", UUID),
    # What it was made from: the template's name, or null.
    words("template"),
    words("question", nullable=False),
    # multiple_choice, rating, open_ended
    words("type", nullable=False),
    # What may be chosen; for ratings the numbers in order, nothing for open ones.
    Column("options", ARRAY(Text), nullable=False, server_default="{}"),
    # when voters see results: voted (or closed), closed, always
    words("results", nullable=False, server_default="voted"),
    instant("opened_at", nullable=False),
    # When it closes by itself.
    instant("closes_at", nullable=False),
    # When somebody closed it before; what comes later is refused.
    instant("closed_at"),
    # That it is over has been told.
    Column("told", Boolean, nullable=False, server_default="false"),
    Index("ix_polls_live_session_id", "live_session_id", "opened_at"),
    Index("ix_polls_open", "closes_at", postgresql_where=text("NOT told")),
    CheckConstraint("type IN ('multiple_choice','rating','open_ended')", name="type"),
    CheckConstraint("results IN ('voted','closed','always')", name="results"),
    CheckConstraint("closes_at > opened_at", name="closes_at"),
    info=TOLD,
)

poll_votes = Table(
    "poll_votes",
    metadata,
    Column("poll_id", UUID, ForeignKey("polls.id", ondelete="CASCADE"), nullable=False),
    words("participant", nullable=False),
    organisation(),
    # Of what may be chosen, counted from 0; null where they answered in words.
    Column("choice", Integer),
    words("words"),
    instant("voted_at", nullable=False),
    Column("changes", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("poll_id", "participant"),
    Index("ix_poll_votes_participant", "organisation_id", "participant"),
    info=TOLD,
)

audience_questions = Table(
    "audience_questions",
    metadata,
    key(),
    organisation(),
    live_session(),
    words("participant", nullable=False),
    words("words", nullable=False),
    instant("asked_at", nullable=False),
    instant("answered_at"),
    # Taken out of sight by an organiser.
    instant("hidden_at"),
    Column("votes", Integer, nullable=False, server_default="0"),
    Index("ix_audience_questions_live_session_id", "live_session_id", "votes"),
    Index("ix_audience_questions_participant", "organisation_id", "participant"),
    info=TOLD,
)

question_votes = Table(
    "question_votes",
    metadata,
    Column("question_id", BigInteger, ForeignKey("audience_questions.id", ondelete="CASCADE"), nullable=False),
    words("participant", nullable=False),
    organisation(),
    instant("voted_at", nullable=False),
    PrimaryKeyConstraint("question_id", "participant"),
    Index("ix_question_votes_participant", "organisation_id", "participant"),
    info=TOLD,
)

achievements = Table(
    "achievements",
    metadata,
    live_session(),
    words("participant", nullable=False),
    words("name", nullable=False),
    organisation(),
    instant("earned_at", nullable=False),
    PrimaryKeyConstraint("live_session_id", "participant", "name"),
    Index("ix_achievements_participant", "organisation_id", "participant"),
    info=TOLD,
)
