"""What is kept of answers so that forgetting can be told, and what was found to be forgotten.

The columns of the first five are those of facts.memories. They are written with every scored attempt, hence without
foreign keys; see `activity`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from polars._typing import PolarsDataType
from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import TIMESTAMP

from tactful.facts.memories import FORM, SKILL, SKILL_SUMS, TOPIC, TOPIC_SUMS
from tactful.facts.moments import INSTANT
from tactful.store.tables.base import (
    ENGINE,
    PERSON,
    metadata,
)

NOW = text("now()")
KINDS: Mapping[PolarsDataType, Any] = {
    pl.Int32: Integer,
    pl.Int64: BigInteger,
    pl.Float64: Double,
    pl.String: Text,
    INSTANT: TIMESTAMP(timezone=True),
}


def _columns(kinds: Mapping[str, PolarsDataType], keys: Sequence[str]) -> Iterator[Column[Any]]:
    for name in keys:
        yield Column(name, KINDS[kinds[name]], primary_key=True, autoincrement=False)
    yield from (Column(name, KINDS[kind]) for name, kind in kinds.items() if name not in keys)


def _of_person(name: str, kinds: Mapping[str, PolarsDataType], *keys: str) -> Table:
    owner = Column("organisation_id", BigInteger, nullable=False)
    return Table(name, metadata, *_columns(kinds, keys), owner, info=PERSON)


def _sums(name: str, kinds: Mapping[str, PolarsDataType], *keys: str) -> Table:
    """Shared by everybody of an organisation, so they are added to and never set."""
    return Table(name, metadata, *_columns(kinds, keys), info=ENGINE)


person_memory = _of_person("person_memory", SKILL, "person_id", "skill_id")
person_topic = _of_person("person_topic", TOPIC, "person_id", "topic_id")
person_form = _of_person("person_form", FORM, "person_id")
skill_sums = _sums("skill_sums", SKILL_SUMS, "organisation_id", "skill_id")
topic_sums = _sums("topic_sums", TOPIC_SUMS, "organisation_id", "topic_id")
