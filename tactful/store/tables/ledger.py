"""The decision ledger: what could have been done, what each guard rail said, what was chosen."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Double,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tactful.store.tables.base import ENGINE, document, instant, key, metadata, number, organisation, person, words

configurations = Table(
    "configurations",
    metadata,
    words("print", primary_key=True),
    document("body"),
    instant("created_at", nullable=False, server_default=text("now()")),
    info=ENGINE,
)

ticks = Table(
    "ticks",
    metadata,
    key(),
    instant("at", nullable=False),
    # due: people whose moment has come; all: everybody; ask: somebody asked for one person; help: pages asked whether
    # to help somebody there; live: a second in which something was noticed in live sessions
    words("scope", nullable=False),
    words("policy", nullable=False),
    words("configuration", nullable=False),
    # What organisations had set for themselves by then, up to this number of `own_settings`, held beside it.
    Column("own_upto", BigInteger, nullable=False, server_default="0"),
    # Everybody up to this person id is done; where a tick that died goes on.
    Column("cursor", BigInteger, nullable=False, server_default="0"),
    Column("people", BigInteger, nullable=False, server_default="0"),
    Column("reached", BigInteger, nullable=False, server_default="0"),
    instant("started_at", nullable=False, server_default=text("now()")),
    instant("finished_at"),
    # It died, and a later one found it too old to go on with.
    instant("abandoned_at"),
    # The last of them, among the many that somebody asked for.
    Index("ix_ticks_scheduled", "id", postgresql_where=text("scope NOT IN ('ask','help','live')")),
    # The same tick asked for twice is one tick; questions about one person may share an instant.
    Index(
        "uq_ticks_at_scope",
        "at",
        "scope",
        unique=True,
        postgresql_where=text("scope NOT IN ('ask','help','live') AND abandoned_at IS NULL"),
    ),
    Index("ix_ticks_unfinished", "at", postgresql_where=text("finished_at IS NULL AND abandoned_at IS NULL")),
    info=ENGINE,
)

decisions = Table(
    "decisions",
    metadata,
    Column("id", BigInteger, nullable=False, server_default=text("nextval('decisions_id_seq')")),
    Column("organisation_id", BigInteger, nullable=False),
    # Whom or what it is about: a person, or a live session.
    Column("person_id", BigInteger),
    Column("live_session_id", BigInteger),
    Column("tick_id", BigInteger, nullable=False),
    instant("at", nullable=False),
    # acted, deferred, silent, shadow, lost (between deciding and writing, a cap was
    # reached or another one of its kind came first); of live sessions also suggested, and control (left alone on
    # purpose, so that it can be told what would have come of it)
    words("result", nullable=False),
    words("policy", nullable=False),
    # One entry per candidate, best first; `verdicts` has a bit set for each guard rail that forbids,
    # numbered as in `rails` of the tick's configuration.
    Column("kinds", ARRAY(Text), nullable=False),
    Column("triggers", ARRAY(Text), nullable=False),
    Column("priorities", ARRAY(Integer), nullable=False),
    Column("expected", ARRAY(Double), nullable=False),
    Column("verdicts", ARRAY(BigInteger), nullable=False),
    words("chosen"),
    # When the chosen might be shown; later than `at` when deferred.
    instant("due_at"),
    number("propensity", nullable=False),
    number("draw", nullable=False),
    # What was believed and known, as far as the decision used it.
    document("facts"),
    PrimaryKeyConstraint("id", "at"),
    Index("ix_decisions_person_id_at", "person_id", "at"),
    # Everything that was decided, newest first, page by page.
    Index("ix_decisions_organisation_id_at", "organisation_id", "at", "id"),
    # What was done, by what became of it; the silent are most, and are found by the sums of days.
    Index(
        "ix_decisions_organisation_id_result_at",
        "organisation_id",
        "result",
        "at",
        "id",
        postgresql_where=text("result <> 'silent'"),
    ),
    Index(
        "ix_decisions_live_session_id_at",
        "live_session_id",
        "at",
        postgresql_where=text("live_session_id IS NOT NULL"),
    ),
    CheckConstraint("num_nonnulls(person_id, live_session_id) = 1", name="about"),
    postgresql_partition_by="RANGE (at)",
    info={"owner": "person", "partition_by": "at"},
)


def _state(name: str) -> Table:
    """What the ledger last said of a person: an equal silent moment is not written again."""
    return Table(
        name,
        metadata,
        person(primary_key=True),
        organisation(),
        # Fingerprint of candidates, verdicts and policy of the person's last ledger row.
        Column("print", BigInteger, nullable=False),
        Column("decision_id", BigInteger, nullable=False),
        instant("since", nullable=False),
        info=ENGINE,
    )


ledger_state = _state("ledger_state")
# Of help in context, which is decided by other triggers.
ledger_state_here = _state("ledger_state_here")
