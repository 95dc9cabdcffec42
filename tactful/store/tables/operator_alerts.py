"""What operators are told when something goes wrong with the whole; and how jobs ended, by the hour."""

from sqlalchemy import Index, PrimaryKeyConstraint, Table, text

from tactful.store.tables.base import ENGINE, TOLD, instant, key, metadata, number, organisation, words
from tactful.store.tables.days import many

# A row for each time something began to be wrong, until it is well again.
operator_alerts = Table(
    "operator_alerts",
    metadata,
    key(),
    organisation(),
    # high_risk_people, response_rate, failed_jobs or model_accuracy; about: of what, where there are several.
    words("kind", nullable=False),
    words("about", nullable=False, server_default=""),
    # What was found when it was raised, the limit it was beyond, and the same as a sentence.
    number("value", nullable=False),
    number("bound", nullable=False),
    words("sentence", nullable=False),
    instant("raised_at", nullable=False),
    # When it came within the cap of the day, and operators were told; null while it is only shown.
    instant("told_at"),
    instant("cleared_at"),
    words("cleared_because"),
    # When it was passed on through Apprise, and when that it is over.
    instant("passed_at"),
    instant("passed_over_at"),
    Index("uq_operator_alerts_open", "organisation_id", "kind", "about", unique=True,
          postgresql_where=text("cleared_at IS NULL")),
    Index("ix_operator_alerts_organisation_id_id", "organisation_id", "id"),
    Index("ix_operator_alerts_told_at", "told_at"),
    info=TOLD,
)  # fmt: skip

# Of all organisations: jobs are the engine's. failed: how many runs ended with an error.
job_hours = Table(
    "job_hours",
    metadata,
    instant("hour", nullable=False),
    words("name", nullable=False),
    many("runs"),
    many("failed"),
    PrimaryKeyConstraint("hour", "name"),
    info=ENGINE,
)
