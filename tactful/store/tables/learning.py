"""What was learned: every version of every model, why it serves or does not, and the scale its chances are told on."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, text

from tactful.store.tables.base import (
    ENGINE,
    PERSON,
    document,
    instant,
    key,
    metadata,
    number,
    organisation,
    person,
    words,
)

model_versions = Table(
    "model_versions",
    metadata,
    key(),
    # Null for what was learned from all organisations that share.
    Column("organisation_id", BigInteger, ForeignKey("organisations.id", ondelete="CASCADE")),
    words("capability", nullable=False),
    # 1, 2, 3, ... for each organisation and capability
    Column("version", Integer, nullable=False),
    instant("trained_at", nullable=False),
    # When the first and the last question were asked that it was taught with.
    instant("window_from", nullable=False),
    instant("window_to", nullable=False),
    Column("lessons", BigInteger, nullable=False),
    Column("people", BigInteger, nullable=False),
    # Of what it was taught with, and of what was learned: equal prints, equal content.
    words("data_print", nullable=False),
    # Whether it stands on what other organisations taught.
    Column("together", Boolean, nullable=False, server_default="false"),
    words("print", nullable=False),
    document("parameters"),
    # How it and the one that served judged people asked later: value, low and high for each measure.
    document("metrics"),
    # When it began and ceased to serve; never began: it was not better.
    instant("promoted_at"),
    instant("retired_at"),
    words("decided_by", nullable=False),
    words("reason", nullable=False),
    Index("uq_model_versions_version", "organisation_id", "capability", "version", unique=True,
          postgresql_nulls_not_distinct=True),
    Index("uq_model_versions_serving", "organisation_id", "capability", unique=True, postgresql_nulls_not_distinct=True,
          postgresql_where=text("promoted_at IS NOT NULL AND retired_at IS NULL")),
    info=ENGINE,
)  # fmt: skip

person_surprises = Table(
    "person_surprises",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("organisation_id", BigInteger, nullable=False),
    # Of beliefs about leaving whose truth is known, of the version that serves: sums of truth minus probability, and
    # of probability times its complement, without what the person had shown by then; a belief that shares days of its
    # truth with others counts for its own share of them.
    number("residual", nullable=False),
    number("information", nullable=False),
    info=PERSON,
)

risk_scales = Table(
    "risk_scales",
    metadata,
    key(),
    organisation(),
    instant("at", nullable=False),
    # Learned chances from which a risk is medium, high and critical.
    number("medium", nullable=False),
    number("high", nullable=False),
    number("critical", nullable=False),
    Index("ix_risk_scales_organisation_id_at", "organisation_id", "at"),
    info=ENGINE,
)

predictions = Table(
    "predictions",
    metadata,
    key(),
    organisation(),
    person(),
    words("capability", nullable=False),
    # What of the person it is about: a skill, content; empty where it is about themselves.
    words("about", nullable=False, server_default=""),
    # When it was believed, and when its truth can be known.
    instant("asked_at", nullable=False),
    instant("due_at", nullable=False),
    # What the rule said, on its own scale, and the learned chance where there was one; 0..1.
    number("score"),
    number("probability"),
    number("confidence", nullable=False),
    # What of the probability the person had shown of themselves [log-odds].
    number("own"),
    # What they stood at then, where the truth is measured from there: their mastery of a skill (0..1).
    number("stood"),
    # What came of it; null until then.
    Column("truth", Boolean),
    Index("uq_predictions_asked", "capability", "person_id", "about", "asked_at", unique=True),
    Index("ix_predictions_due", "capability", "due_at", postgresql_where=text("truth IS NULL")),
    Index("ix_predictions_organisation_id_asked_at", "organisation_id", "capability", "asked_at"),
    info=PERSON,
)
