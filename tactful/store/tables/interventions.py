"""What we do and what came of it: interventions, deliveries, preferences and attention."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import PERSON, document, instant, key, metadata, organisation, person, words

NOW = text("now()")
SEED_PERSON = {"owner": "person", "person_column": "user_id", "organisation_column": "organization_id"}
# People answer their own interventions, which is all they may change of them, and write their own preferences.
ANSWERS = "state, user_response, responded_at, shown_at, due_at, expires_at"
ANSWERED = SEED_PERSON | {"person_may": f"SELECT, UPDATE ({ANSWERS})"}
WRITTEN = SEED_PERSON | {"person_may": "SELECT, INSERT, UPDATE"}

intervention_logs = Table(
    "intervention_logs",
    metadata,
    key(),
    person("user_id"),
    organisation("organization_id"),
    words("intervention_type", nullable=False),
    Column("priority", Integer, nullable=False),
    words("trigger", nullable=False),
    words("channel", nullable=False, server_default="in_app"),
    words("title", nullable=False, server_default=""),
    words("message", nullable=False, server_default=""),
    words("action", nullable=False, server_default=""),
    # The title as it is before anything is filled in: which wording it was.
    words("template", nullable=False, server_default=""),
    # The language model that said it more finely; empty where it was said as it was written.
    words("polished_by", nullable=False, server_default=""),
    # Facts the wording was made from.
    document("context"),
    # deferred -> planned -> shown -> answered; or expired, withdrawn, shadow
    words("state", nullable=False),
    Column("decision_id", BigInteger),
    instant("triggered_at", nullable=False),
    # When it may be shown; later than triggered_at when deferred or snoozed.
    instant("due_at", nullable=False),
    instant("expires_at", nullable=False),
    instant("shown_at"),
    words("user_response"),
    instant("responded_at"),
    # When it was taken back unseen, and why, in words.
    instant("withdrawn_at"),
    words("withdrawn_because"),
    Index("ix_intervention_logs_user_id_triggered_at", "user_id", "triggered_at"),
    Index("ix_intervention_logs_organization_id_triggered_at", "organization_id", "triggered_at"),
    Index(
        "ix_intervention_logs_open",
        "user_id",
        "due_at",
        postgresql_where=text("state IN ('planned','shown','deferred')"),
    ),
    # What waits for its words, by when it needs them.
    Index(
        "ix_intervention_logs_unworded",
        "due_at",
        postgresql_where=text("state IN ('planned','deferred') AND title = ''"),
    ),
    # Not the same thing twice: one open intervention of a kind for a person.
    Index(
        "ix_intervention_logs_snoozed",
        "due_at",
        postgresql_where=text("state = 'planned' AND user_response = 'snoozed'"),
    ),
    Index(
        "uq_intervention_logs_one_open",
        "user_id",
        "intervention_type",
        unique=True,
        postgresql_where=text("state IN ('planned','deferred')"),
    ),
    CheckConstraint("user_response IN ('engaged','dismissed','ignored','snoozed')", name="user_response"),
    info=ANSWERED,
)

deliveries = Table(
    "deliveries",
    metadata,
    key(),
    organisation(),
    person(),
    Column("intervention_id", BigInteger, ForeignKey("intervention_logs.id", ondelete="CASCADE"), nullable=False),
    words("channel", nullable=False),
    # due -> sending -> sent; or refused, unknown, expired, withdrawn. What is fetched is never sending.
    words("state", nullable=False, server_default="due"),
    instant("due_at", nullable=False),
    instant("expires_at", nullable=False),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    instant("claimed_at"),
    instant("sent_at"),
    words("reference"),
    # How many went before it: what was snoozed comes anew.
    Column("again", SmallInteger, nullable=False, server_default="0"),
    # gone, blocked, retry or invalid, and what was said.
    words("refusal"),
    words("error"),
    # Where it goes; none where there is nothing to find, or it was forgotten since.
    Column("address_id", BigInteger, ForeignKey("addresses.id", ondelete="SET NULL")),
    # Names it in answers that come back, and tells a copy from another delivery.
    Column("mark", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    Index("ix_deliveries_due", "channel", "due_at", postgresql_where=text("state = 'due'")),
    Index("ix_deliveries_doubtful", "id", postgresql_where=text("state IN ('refused','unknown')")),
    Index("ix_deliveries_sending", "channel", "claimed_at", postgresql_where=text("state = 'sending'")),
    Index(
        "uq_deliveries_intervention_id_channel_address_id_again",
        "intervention_id",
        "channel",
        "address_id",
        "again",
        unique=True,
        postgresql_nulls_not_distinct=True,
    ),
    Index("uq_deliveries_mark", "mark", unique=True),
    Index("ix_deliveries_address_id", "address_id", postgresql_where=text("address_id IS NOT NULL")),
    Index("ix_deliveries_person_id", "person_id"),
    # How channels have done lately.
    Index(
        "ix_deliveries_organisation_id_claimed_at",
        "organisation_id",
        "claimed_at",
        postgresql_where=text("channel <> 'in_app' AND claimed_at IS NOT NULL"),
    ),
    # Whoever answers takes back what was still to be sent.
    info=PERSON | {"person_may": "SELECT, UPDATE (state)"},
)

user_notification_preferences = Table(
    "user_notification_preferences",
    metadata,
    key(),
    person("user_id", unique=True),
    organisation("organization_id"),
    Column("dnd_enabled", Boolean, nullable=False, server_default="false"),
    # The person's own wall clock; both null means no quiet hours.
    Column("quiet_hours_start", Time),
    Column("quiet_hours_end", Time),
    Column("max_notifications_per_day", Integer, nullable=False),
    Column("disabled_intervention_types", ARRAY(Text), nullable=False, server_default="{}"),
    Column("disabled_channels", ARRAY(Text), nullable=False, server_default="{}"),
    # The way they would rather be reached outside the product; null where they never said.
    words("preferred_channel"),
    instant("created_at", nullable=False, server_default=NOW),
    instant("updated_at", nullable=False, server_default=NOW),
    CheckConstraint("max_notifications_per_day BETWEEN 0 AND 100", name="max_notifications_per_day"),
    info=WRITTEN,
)

# What they said before, and since when otherwise.
preference_changes = Table(
    "preference_changes",
    metadata,
    key(),
    person(),
    organisation(),
    instant("at", nullable=False),
    # Name -> [before, after], of what changed.
    document("changes"),
    Index("ix_preference_changes_person_id_at", "person_id", "at"),
    info=PERSON | {"person_may": "SELECT, INSERT"},
)

attention = Table(
    "attention",
    metadata,
    person(primary_key=True),
    organisation(),
    # Counters below belong to this local day of the person; it never goes back.
    Column("local_day", Date, nullable=False),
    Column("sent_today", SmallInteger, nullable=False, server_default="0"),
    Column("outreach_today", SmallInteger, nullable=False, server_default="0"),
    Column("in_context_today", SmallInteger, nullable=False, server_default="0"),
    Column("critical_today", SmallInteger, nullable=False, server_default="0"),
    instant("last_outreach_at"),
    # Kind -> epoch seconds of the last one.
    document("last_by_kind"),
    # Kind -> how many of them were shown and left unanswered since one was taken up.
    document("ignored_by_kind"),
    # Whoever takes something up is no longer left alone with it.
    info=PERSON | {"person_may": "SELECT, UPDATE (ignored_by_kind)"},
)
