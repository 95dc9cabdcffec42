"""The tables as SQL text: what a first migration holds, and what a test compares migrations with."""

from collections.abc import Iterator

from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tactful.store.decided.inbox import DUE_FUNCTION
from tactful.store.security import policies
from tactful.store.tables import metadata
from tactful.store.tables.views import views

DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def statements() -> Iterator[str]:
    """Every statement that makes the tables from nothing, in order."""
    yield "CREATE SEQUENCE decisions_id_seq AS bigint CACHE 1"
    for table in metadata.sorted_tables:
        yield str(CreateTable(table).compile(dialect=DIALECT)).strip()
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            yield str(CreateIndex(index).compile(dialect=DIALECT)).strip()
    yield from policies(metadata)
    yield from views()
    yield DUE_FUNCTION
    yield SchemaManager.get_schema()
    yield "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO service_role"
    yield "REVOKE ALL ON alembic_version FROM service_role"
    yield "GRANT SELECT ON alembic_version TO service_role"
    yield "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO service_role"


def script() -> str:
    """All of `statements` as one SQL file."""
    return ";\n\n".join(statement.rstrip().rstrip(";") for statement in statements()) + ";\n"
