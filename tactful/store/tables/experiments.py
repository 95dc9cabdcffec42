"""Tests of variants: what is tried, who got which variant, and what came of it day by day."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import (
    PERSON,
    TOLD,
    document,
    instant,
    key,
    metadata,
    number,
    organisation,
    person,
    words,
)

experiments = Table(
    "experiments",
    metadata,
    key(),
    organisation(),
    words("name", nullable=False),
    words("what", nullable=False),
    words("kind", nullable=False),
    # name, part (whole parts of all shares) and content of each; the first is the control.
    document("variants", "[]"),
    # People by variant. Whoever gives somebody a variant holds this row.
    Column("counts", ARRAY(Integer), nullable=False),
    # How much less often a variant is taken up before that is harm; and whether a winner is promoted by itself.
    number("harm_margin", nullable=False),
    Column("promote_winner", Boolean, nullable=False),
    instant("started_at", nullable=False),
    instant("ends_at"),
    words("started_by", nullable=False),
    instant("stopped_at"),
    # hand, harm, time or winner
    words("stopped_because"),
    # The variant that is said to everybody since.
    words("promoted"),
    CheckConstraint("what IN ('wording')", name="what"),
    CheckConstraint("stopped_because IN ('hand','harm','time','winner')", name="stopped_because"),
    Index("uq_experiments_organisation_id_name", "organisation_id", "name", unique=True),
    # Two tests of one kind would disturb each other.
    Index(
        "uq_experiments_running", "organisation_id", "what", "kind", unique=True,
        postgresql_where=text("stopped_at IS NULL"),
    ),
    info=TOLD,
)  # fmt: skip

# One row for each person; it goes with them, and what was counted of it stays in the days below.
experiment_assignments = Table(
    "experiment_assignments",
    metadata,
    Column("experiment_id", BigInteger, ForeignKey("experiments.id", ondelete="CASCADE"), nullable=False),
    person(),
    organisation(),
    Column("variant", SmallInteger, nullable=False),
    instant("assigned_at", nullable=False),
    # What was said to them first that they were shown or sent; until then, what was worded last.
    Column("intervention_id", BigInteger, nullable=False),
    instant("exposed_at"),
    # When the time to answer it was over, and whether it was taken up.
    instant("settled_at"),
    Column("answered", Boolean),
    PrimaryKeyConstraint("experiment_id", "person_id"),
    Index("ix_experiment_assignments_person_id", "person_id"),
    Index("ix_experiment_assignments_open", "experiment_id", postgresql_where=text("settled_at IS NULL")),
    info=PERSON,
)

# What became known on a day (UTC) of people with a variant.
experiment_days = Table(
    "experiment_days",
    metadata,
    Column("experiment_id", BigInteger, ForeignKey("experiments.id", ondelete="CASCADE"), nullable=False),
    organisation(),
    Column("variant", SmallInteger, nullable=False),
    Column("day", Date, nullable=False),
    Column("assigned", Integer, nullable=False, server_default="0"),
    Column("exposed", Integer, nullable=False, server_default="0"),
    Column("settled", Integer, nullable=False, server_default="0"),
    Column("answered", Integer, nullable=False, server_default="0"),
    PrimaryKeyConstraint("experiment_id", "variant", "day"),
    info=TOLD,
)
