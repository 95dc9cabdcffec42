"""Endpoints that organisations registered, and what is posted to them."""

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, Table, text

from tactful.store.tables.base import ENGINE, instant, key, metadata, organisation, words

webhooks = Table(
    "webhooks",
    metadata,
    key(),
    organisation(),
    words("url", nullable=False),
    words("note", nullable=False, server_default=""),
    # What its messages are signed with; told once, and read by nobody but the engine.
    words("secret", nullable=False),
    words("created_by", nullable=False),
    instant("created_at", nullable=False),
    # When and why it was switched off: it refused for good.
    instant("disabled_at"),
    words("disabled_because"),
    # How often it failed since it last took something, and until when it is left alone for that.
    Column("failures", Integer, nullable=False, server_default="0"),
    instant("resting_until"),
    instant("last_sent_at"),
    Index("uq_webhooks_url", "organisation_id", "url", unique=True, postgresql_where=text("disabled_at IS NULL")),
    info=ENGINE,
)

webhook_posts = Table(
    "webhook_posts",
    metadata,
    key(),
    organisation(),
    Column("webhook_id", BigInteger, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    # alert.raised, with its alert; alert.held, with the educator and the day it sums up; or operator_alert.raised and
    # operator_alert.cleared, with theirs
    words("kind", nullable=False),
    Column("alert_id", BigInteger, ForeignKey("educator_alerts.id", ondelete="CASCADE")),
    Column("operator_alert_id", BigInteger, ForeignKey("operator_alerts.id", ondelete="CASCADE")),
    Column("educator_id", BigInteger, ForeignKey("people.id", ondelete="CASCADE")),
    Column("day", Date),
    # due -> sent; or withdrawn (no longer true), refused (for good), given_up (too many tries)
    words("state", nullable=False, server_default="due"),
    instant("planned_at", nullable=False),
    # Not before then; claimed, it is pushed ahead, so that what dies half-way is sent again.
    instant("next_at", nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant("sent_at"),
    words("error"),
    Index("uq_webhook_posts_alert", "webhook_id", "alert_id", unique=True,
          postgresql_where=text("alert_id IS NOT NULL")),
    Index("uq_webhook_posts_held", "webhook_id", "educator_id", "day", unique=True,
          postgresql_where=text("educator_id IS NOT NULL")),
    Index("uq_webhook_posts_operator", "webhook_id", "operator_alert_id", "kind", unique=True,
          postgresql_where=text("operator_alert_id IS NOT NULL")),
    Index("ix_webhook_posts_operator_alert_id", "operator_alert_id"),
    Index("ix_webhook_posts_due", "next_at", "id", postgresql_where=text("state = 'due'")),
    Index("ix_webhook_posts_alert_id", "alert_id"),
    Index("ix_webhook_posts_educator_id", "educator_id"),
    info=ENGINE,
)  # fmt: skip
