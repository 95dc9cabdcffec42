"""What all tables share: the metadata, short column makers, and how a row is owned."""

from typing import Any

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Identity, MetaData, Text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# How rows of a table are owned, written in `Table.info`: the row-security policies follow from it.
PERSON = {"owner": "person"}  # one person's: they, their organisation's operators
ORGANISATION = {"owner": "organisation"}  # the organisation's operators only
TOLD = {"owner": "organisation", "operator_may": "SELECT"}  # the organisation's operators read what we write
SHARED = {"owner": "shared"}  # everybody in the organisation may read, operators may write
ENGINE = {"owner": "engine"}  # service_role only

# Also in `Table.info`: `partition_by`, the column that says in which partition a row lies; and `chunk`, how much time
# a chunk holds where TimescaleDB makes a hypertable of the table (`store.hypertables`): a day where rows are many and
# kept for weeks, thirty where they are few and kept for a year, so that a query for one session opens few chunks.


def key() -> Column[int]:
    """A bigint identity primary key."""
    return Column("id", BigInteger, Identity(), primary_key=True)


def organisation(name: str = "organisation_id") -> Column[int]:
    """The tenant a row belongs to."""
    return Column(name, BigInteger, ForeignKey("organisations.id", ondelete="CASCADE"), nullable=False)


def person(name: str = "person_id", **more: Any) -> Column[int]:
    """The person a row belongs to; erasing the person erases the row."""
    return Column(name, BigInteger, ForeignKey("people.id", ondelete="CASCADE"), nullable=False, **more)


def instant(name: str, **more: Any) -> Column[Any]:
    """An instant in UTC."""
    return Column(name, TIMESTAMP(timezone=True), **more)


def words(name: str, **more: Any) -> Column[Any]:
    """Text."""
    return Column(name, Text, **more)


def number(name: str, **more: Any) -> Column[Any]:
    """A double."""
    return Column(name, Double, **more)


def document(name: str, default: str = "{}") -> Column[Any]:
    """A JSON document, never null."""
    return Column(name, JSONB, nullable=False, server_default=default)
