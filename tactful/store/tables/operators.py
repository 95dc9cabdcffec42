"""Operators: who may sign in to the console, where they are signed in, and links that let them in once."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Table, text

from tactful.store.tables.base import ENGINE, instant, key, metadata, organisation, words

NOW = text("now()")


def _operator(**more: object) -> Column[int]:
    return Column("operator_id", BigInteger, ForeignKey("operators.id", ondelete="CASCADE"), **more)  # type: ignore[arg-type]


operators = Table(
    "operators",
    metadata,
    key(),
    organisation(),
    # In small letters; one operator of one organisation.
    words("email", nullable=False, unique=True),
    words("name", nullable=False, server_default=""),
    # viewer, organiser or admin
    words("role", nullable=False),
    # None: they come in by way of another issuer only.
    words("password_hash"),
    # Who they are to that issuer, once they have come by it.
    words("subject", unique=True),
    instant("created_at", nullable=False, server_default=NOW),
    instant("disabled_at"),
    Index("ix_operators_organisation_id", "organisation_id"),
    info=ENGINE,
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    # Of the secret in their cookie: whoever reads this table cannot sign in with it.
    words("hash", primary_key=True),
    _operator(nullable=False),
    instant("began_at", nullable=False),
    instant("seen_at", nullable=False),
    instant("expires_at", nullable=False),
    Index("ix_operator_sessions_operator_id", "operator_id"),
    info=ENGINE,
)

operator_links = Table(
    "operator_links",
    metadata,
    words("hash", primary_key=True),
    organisation(),
    # Whose new password it is for; None: somebody new is let in.
    _operator(),
    words("email"),
    words("role", nullable=False),
    instant("made_at", nullable=False),
    instant("expires_at", nullable=False),
    Index("ix_operator_links_organisation_id", "organisation_id"),
    Index("ix_operator_links_operator_id", "operator_id"),
    info=ENGINE,
)

sign_in_tries = Table(
    "sign_in_tries",
    metadata,
    key(),
    # Of the name that was tried or the address it was tried from: neither is kept as it is.
    words("who", nullable=False),
    instant("at", nullable=False),
    Index("ix_sign_in_tries_who_at", "who", "at"),
    info=ENGINE,
)
