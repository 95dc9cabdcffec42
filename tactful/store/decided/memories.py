"""Reading what is kept of answers through a capability's own expression, for anybody, where a skill was learned."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import ibis
import polars as pl

from tactful.facts.memories import (
    OTHERS,
    STOOD,
    person_form,
    person_memory,
    person_topic,
    skill_sums,
    topic_sums,
)
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader

# hour: of the person's own day (0..24) at the instant.
READ = {
    "person_id": pl.Int64,
    "organisation_id": pl.Int64,
    "skill_id": pl.String,
    "hour": pl.Float64,
    **STOOD,
    **OTHERS,
}
QUERY = f"""
SELECT f.person_id, p.organisation_id, f.skill_id,
       extract(epoch FROM (%s AT TIME ZONE p.zone)::time)::float8 / 60 / 60 AS hour,
       {", ".join(f"f.{name}" for name in (*STOOD, *OTHERS))}
  FROM ({{features}}) f JOIN people p ON p.id = f.person_id
 WHERE {{people}} AND f.skill_peak >= %s AND f.skill_last_at IS NOT NULL
 ORDER BY f.person_id, f.skill_id
"""


class Question:
    """An Ibis expression over what is kept of answers as PostgreSQL text, compiled once.

    features: takes the tables of facts.memories and answers STOOD and OTHERS.
    """

    def __init__(self, features: Callable[..., Any]) -> None:
        expression = features(person_memory, person_topic, person_form, skill_sums, topic_sums)
        self._text = ibis.to_sql(expression, dialect="postgres").replace("%", "%%")

    def ask(self, reader: Reader, scope: Scope, *, at: datetime, peak: float) -> pl.DataFrame:
        """READ of the people in `scope`: skills whose mastery once was at least `peak` [0..1]."""
        clause, named = scope.where(at, person="f.person_id")
        statement = QUERY.replace("{features}", self._text).replace("{people}", clause)
        return reader.read(statement, [at, *named, peak], READ)
