"""What was decided and done, summed up by day so that months can be looked at at once; and what was worked out of it.

A day's sums are made once everything in it is over, and are not touched again unless somebody decides about that day
anew (`counted_days` says when they were made). What has no sums yet is counted as it lies in the tables.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, PrimaryKeyConstraint, SmallInteger, Table, text

from tactful.store.tables.base import TOLD, document, instant, key, metadata, organisation, words


def many(name: str) -> Column[int]:
    """How many there were."""
    return Column(name, BigInteger, nullable=False, server_default="0")


def day() -> Column[object]:
    """A day of UTC."""
    return Column("day", Date, nullable=False)


# Which sums of a day there are: `interventions` or `decisions`.
counted_days = Table(
    "counted_days",
    metadata,
    organisation(),
    words("what", nullable=False),
    day(),
    instant("counted_at", nullable=False),
    PrimaryKeyConstraint("organisation_id", "what", "day"),
    info=TOLD,
)

intervention_days = Table(
    "intervention_days",
    metadata,
    organisation(),
    day(),
    words("kind", nullable=False),
    words("channel", nullable=False),
    # The wording as it is before anything is filled in; empty where nothing was worded.
    words("template", nullable=False),
    many("decided"),
    many("shown"),
    many("engaged"),
    many("dismissed"),
    many("snoozed"),
    # Said so by the product: it was seen and passed over.
    many("ignored"),
    # Shown, and nobody answered.
    many("unanswered"),
    many("withdrawn"),
    # Decided on record only.
    many("shadowed"),
    PrimaryKeyConstraint("organisation_id", "day", "kind", "channel", "template"),
    info=TOLD,
)

# What was delivered, and how it was taken, by the hour of the person's own day in which it reached them.
response_hours = Table(
    "response_hours",
    metadata,
    organisation(),
    day(),
    Column("hour", SmallInteger, nullable=False),
    many("delivered"),
    many("engaged"),
    many("dismissed"),
    many("snoozed"),
    # Seen and passed over, or never answered.
    many("ignored"),
    PrimaryKeyConstraint("organisation_id", "day", "hour"),
    info=TOLD,
)

# Rows of the ledger by what became of them; withheld: silent, although something could have been done. about: person
# or session; kind: what was chosen, else empty.
result_days = Table(
    "result_days",
    metadata,
    organisation(),
    day(),
    words("about", nullable=False),
    words("result", nullable=False),
    words("kind", nullable=False),
    many("decisions"),
    PrimaryKeyConstraint("organisation_id", "day", "about", "result", "kind"),
    info=TOLD,
)

# Candidates of the ledger by the guard rails that forbade them. bit: of the rail, as in `decisions.verdicts`; -1 is
# about all candidates. alone: where nothing else forbade it; of -1, where nothing did.
verdict_days = Table(
    "verdict_days",
    metadata,
    organisation(),
    day(),
    words("about", nullable=False),
    words("kind", nullable=False),
    Column("bit", BigInteger, nullable=False),
    many("candidates"),
    many("alone"),
    PrimaryKeyConstraint("organisation_id", "day", "about", "kind", "bit"),
    info=TOLD,
)

# How often ticks looked at somebody, by hour: mostly nothing comes of it, and nothing is written then.
looked_hours = Table(
    "looked_hours",
    metadata,
    organisation(),
    instant("hour", nullable=False),
    many("moments"),
    PrimaryKeyConstraint("organisation_id", "hour"),
    info=TOLD,
)

# What takes long to work out of many people: kept from the last time, as JSON. name: of what, like `effects 30`.
reckonings = Table(
    "reckonings",
    metadata,
    organisation(),
    words("name", nullable=False),
    # The instant it is about.
    instant("at", nullable=False),
    document("body"),
    PrimaryKeyConstraint("organisation_id", "name"),
    info=TOLD,
)

# Long work that an operator asked for, and how far it is.
errands = Table(
    "errands",
    metadata,
    key(),
    organisation(),
    # train, reckon
    words("name", nullable=False),
    words("actor", nullable=False),
    instant("asked_at", nullable=False),
    instant("started_at"),
    instant("finished_at"),
    # What is being done just now, in words; what came of it, or what went wrong, in the end.
    words("said", nullable=False, server_default=""),
    Column("failed", Boolean, nullable=False, server_default="false"),
    # Parts of it that are done.
    many("done"),
    Index("ix_errands_organisation_id", "organisation_id", "name", "id"),
    # One of a name at a time.
    Index("uq_errands_open", "organisation_id", "name", unique=True, postgresql_where=text("finished_at IS NULL")),
    info=TOLD,
)
