"""The tables as SQL text: what a first migration holds, and what a test compares migrations with."""

from collections.abc import Iterable, Iterator

from procrastinate.schema import SchemaManager
from sqlalchemy import Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tactful.store import hypertables
from tactful.store.decided.inbox import DUE_FUNCTION
from tactful.store.security import policies, secured
from tactful.store.tables import metadata
from tactful.store.tables.views import views

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def statements() -> Iterator[str]:
    """Every statement that makes the tables from nothing, in order."""
    yield "CREATE SEQUENCE decisions_id_seq AS bigint CACHE 1"
    for table in metadata.sorted_tables:
        yield from _created(table)
    yield from policies(metadata)
    yield from views()
    yield DUE_FUNCTION
    yield SchemaManager.get_schema()
    yield "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service_role"
    yield "REVOKE ALL ON alembic_version FROM service_role"
    yield "GRANT SELECT ON alembic_version TO service_role"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service_role"


def instead() -> Iterator[str]:
    """Every statement that makes hypertables of the time series that `statements` has just made, in order."""
    for table in hypertables.series(metadata):
        yield f"DROP TABLE {table.name}"
        yield from _created(hypertables.unpartitioned(table))
        yield from secured(table)
    yield from hypertables.made(metadata)


def script(of: Iterable[str] | None = None) -> str:
    """All of `statements`, or of others, as one SQL file."""
    return ";\n\n".join(each.rstrip().rstrip(";") for each in (of or statements())) + ";\n"


def _created(table: Table) -> Iterator[str]:
    yield str(CreateTable(table).compile(dialect=DIALECT)).strip()
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        yield str(CreateIndex(index).compile(dialect=DIALECT)).strip()
