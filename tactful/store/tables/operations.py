"""Running the engine: pauses, imports and passes in progress, and the audit log."""

from sqlalchemy import BigInteger, Column, Index, Table, text

from tactful.store.tables.base import ENGINE, ORGANISATION, document, instant, key, metadata, organisation, words

pauses = Table(
    "pauses",
    metadata,
    key(),
    organisation(),
    # organisation, kind or channel
    words("scope", nullable=False),
    words("name", nullable=False, server_default=""),
    # pause: nothing is decided for it; shadow: decided and recorded, nothing sent
    words("mode", nullable=False, server_default="pause"),
    words("reason", nullable=False, server_default=""),
    words("actor", nullable=False),
    instant("since", nullable=False, server_default=text("now()")),
    Index("uq_pauses_scope", "organisation_id", "scope", "name", "mode", unique=True),
    info=ORGANISATION,
)

imports = Table(
    "imports",
    metadata,
    key(),
    organisation(),
    # Fingerprint of the file's content and the column mapping.
    words("print", nullable=False),
    Column("rows_done", BigInteger, nullable=False, server_default="0"),
    Column("rows_rejected", BigInteger, nullable=False, server_default="0"),
    instant("started_at", nullable=False, server_default=text("now()")),
    instant("finished_at"),
    Index("uq_imports_print", "organisation_id", "print", unique=True),
    info=ENGINE,
)

audit_log = Table(
    "audit_log",
    metadata,
    key(),
    organisation(),
    instant("at", nullable=False, server_default=text("now()")),
    words("actor", nullable=False),
    words("act", nullable=False),
    document("detail"),
    # Newest first, of all kinds or of one.
    Index("ix_audit_log_organisation_id_id", "organisation_id", "id"),
    Index("ix_audit_log_organisation_id_act_id", "organisation_id", "act", "id"),
    # What was done stays written down, whoever did it.
    info=ORGANISATION | {"operator_may": "SELECT, INSERT"},
)

passes = Table(
    "passes",
    metadata,
    key(),
    words("name", nullable=False),
    instant("at", nullable=False),
    # Print of the settings and the version it works by: under others it is not gone on with.
    words("configuration", nullable=False),
    # Everybody up to this person id is done; where a pass that died goes on.
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    Column("people", BigInteger, nullable=False, server_default="0"),
    instant("started_at", nullable=False, server_default=text("now()")),
    instant("finished_at"),
    # It died, and was too old to go on with when the next one came.
    instant("abandoned_at"),
    # The same pass asked for twice is one pass.
    Index("uq_passes_name_at", "name", "at", unique=True, postgresql_where=text("abandoned_at IS NULL")),
    info=ENGINE,
)
