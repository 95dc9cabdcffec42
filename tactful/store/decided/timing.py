"""Asking what is known of a moment, and keeping what is told of people's hours (user_timing_profiles)."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import ibis
import numpy as np
import polars as pl
from polars._typing import PolarsDataType
from psycopg import sql

from tactful.facts.columns import ibis_table
from tactful.facts.contacts import PAIR, PARTY, QUESTION
from tactful.facts.rhythm import HOURS, RHYTHM
from tactful.store import shadows
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.literals import listed, rows
from tactful.store.reading import Reader
from tactful.store.sensed.stays import LOOK_BACK

ASKED = {"local_day": pl.Date(), "local_minute": pl.Int32()}
KEPT = {name: RHYTHM[name] for name in ("person_id", "day", "hour", "hours")}
# The engine of a person's organisation asks; beats tell that somebody is here before any event does.
QUERY = """
WITH questions AS (
  SELECT p.id AS person_id, -p.organisation_id AS sender_id, %s::timestamptz AS at, l.local::date AS local_day,
         (extract(hour FROM l.local) * 60 + extract(minute FROM l.local))::int AS local_minute
    FROM people p CROSS JOIN LATERAL (SELECT %s::timestamptz AT TIME ZONE coalesce(%s, p.zone) AS local) l
   WHERE {people})
SELECT {columns} FROM ({features}) f
  LEFT JOIN ambient_presence_states b ON b.user_id = f.person_id AND b.last_seen_at <= f.at ORDER BY f.person_id
"""
BEATS = {"person_wrote_at": "greatest(f.person_wrote_at, b.last_seen_at) AS person_wrote_at"}


class Question:
    """An Ibis expression over contact and rhythm as PostgreSQL text, compiled once.

    features: takes questions, parties, pairs and rhythms; it answers the columns of `schema`.
    """

    def __init__(self, features: Callable[..., Any], schema: dict[str, PolarsDataType]) -> None:
        tables = {"contact_party": PARTY, "contact_pair": PAIR, "person_rhythm": KEPT}
        questions = ibis_table("questions", QUESTION | ASKED)
        expression = features(questions, *(ibis_table(name, kinds) for name, kinds in tables.items()))
        columns = ", ".join(BEATS.get(name, f"f.{name}") for name in schema)
        text = ibis.to_sql(expression, dialect="postgres").replace("%", "%%")
        self._text = QUERY.replace("{features}", text).replace("{columns}", columns)
        self._schema = dict(schema)

    def ask(self, reader: Reader, scope: Scope, *, at: datetime, zone: str | None = None) -> pl.DataFrame:
        """What is known of the people in `scope`, in person order. zone: their clock, where it is not their usual one.

        Point in time: as far as they are brought up to date (`sensed.contacts`).
        """
        clause, named = scope.where(at, person="p.id")
        return reader.read(self._text.replace("{people}", clause), [at, at, zone, *named], self._schema)


def shadow(reader: Reader) -> None:
    """From here to the end of the transaction nobody has been taken in: what is asked is worked out from nothing."""
    shadows.shadow(reader, "contact_party", "contact_pair", "person_rhythm")


# What a profile is made from, see predict.timing.KNOWN; as of their own day.
PEOPLE = """
SELECT r.person_id, r.organisation_id, (%s AT TIME ZONE p.zone)::date AS local_day, r.day, r.hours
  FROM person_rhythm r JOIN people p ON p.id = r.person_id
  JOIN person_state s ON s.person_id = r.person_id
 WHERE {people} AND (%s::timestamptz IS NULL OR s.changed_at >= %s
   OR EXISTS (SELECT FROM model_versions v WHERE v.organisation_id = r.organisation_id AND v.capability = 'hours'
                 AND v.promoted_at BETWEEN %s AND %s)) ORDER BY r.person_id
"""
SESSIONS = """
SELECT person_id, count(*)::int AS sessions, sum(extract(epoch FROM ended_at - started_at))::float8 AS seconds,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - started_at))::float8 AS typical_seconds
  FROM person_session WHERE {people} AND started_at > %s AND started_at <= %s GROUP BY person_id
"""
SCORES = """
SELECT person_id, (hour %% 24)::int AS hour, sum(score_sum) AS score_sum, sum(score_count)::float8 AS score_count
  FROM person_hour WHERE {people} AND score_count > 0 GROUP BY 1, 2
"""
TOLD: dict[str, PolarsDataType] = {
    "person_id": pl.Int64, "organisation_id": pl.Int64, "local_day": pl.Date, "day": pl.Date, "hours": RHYTHM["hours"],
}  # fmt: skip
SCORED: dict[str, PolarsDataType] = {"score_sum": RHYTHM["score_sum"], "score_count": RHYTHM["score_count"]}


def known(reader: Reader, scope: Scope, *, at: datetime, since: datetime | None = None) -> pl.DataFrame:
    """What profiles of the people in `scope` are made from: columns of predict.timing.KNOWN, and organisation_id.

    since: leave out who was not heard of after it, unless what is usual where they are was learned anew since then.
    """
    clause, values = scope.where(at, person="r.person_id")
    told = reader.read(PEOPLE.format(people=clause), [at, *values, since, since, since, at], dict(TOLD))
    clause, values = scope.where(at, person="person_id")
    kinds = {"person_id": pl.Int64, "sessions": pl.Int32, "seconds": pl.Float64, "typical_seconds": pl.Float64}
    sessions = reader.read(SESSIONS.format(people=clause), [*values, at - LOOK_BACK, at], kinds)
    hours = {"person_id": pl.Int64, "hour": pl.Int32, "score_sum": pl.Float64, "score_count": pl.Float64}
    scores = reader.read(SCORES.format(people=clause), values, hours)
    return told.join(sessions, on="person_id", how="left", maintain_order="left").hstack(_scored(told, scores))


def _scored(told: pl.DataFrame, scores: pl.DataFrame) -> pl.DataFrame:
    """Scores by hour of the day, a row for each of `told`."""
    rows = told.select("person_id").with_row_index("row").join(scores, on="person_id", maintain_order="left")
    made = {name: np.zeros((told.height, HOURS)) for name in SCORED}
    for name, table in made.items():
        table[rows["row"].to_numpy(), rows["hour"].to_numpy()] = rows[name].to_numpy()
    return pl.DataFrame([pl.Series(name, table, dtype=SCORED[name]) for name, table in made.items()])


PROFILE = {
    "peak_hours": "int[]", "optimal_study_time": "time", "best_days": "text[]", "preferred_session_length": "int",
    "avg_session_duration_minutes": "float8", "performance_by_hour": "jsonb", "most_active_hour": "int",
    "least_active_hour": "int", "typical_study_days": "int[]", "sessions_analyzed": "int", "confidence": "float8",
    "good_hours": "int[]",
}  # fmt: skip
NAMES = ", ".join(PROFILE)
BEFORE, AFTER = (", ".join(f"{whose}.{name}" for name in PROFILE) for whose in ("t", "excluded"))
# What has not changed is not written again.
WRITE = f"""
INSERT INTO user_timing_profiles AS t (user_id, organization_id, {NAMES}, created_at, updated_at)
SELECT person_id, organisation_id, {", ".join(f"{name}::{kind}" for name, kind in PROFILE.items())}, {{at}}, {{at}}
  FROM {{told}} ORDER BY person_id
    ON CONFLICT (user_id) DO UPDATE SET ({NAMES}, updated_at)
     = ({AFTER}, excluded.updated_at)
 WHERE t.updated_at <= excluded.updated_at
   AND ({BEFORE}) IS DISTINCT FROM ({AFTER})
"""
READ = f"SELECT {NAMES}, updated_at FROM user_timing_profiles WHERE user_id = %s"


def write(connection: Connection, told: pl.DataFrame, *, at: datetime) -> None:
    """Write these people's profiles. told: PROFILE of predict.timing, `good_hours` and organisation_id."""
    if told.is_empty():
        return
    lists = [name for name, kind in told.schema.items() if isinstance(kind, pl.List) and name != "performance_by_hour"]
    flat = told.with_columns(
        *(pl.when(pl.col(name).is_not_null()).then(listed(name)).alias(name) for name in lists),
        pl.col("performance_by_hour").map_elements(_by_hour, return_dtype=pl.String),
        pl.col("optimal_study_time").dt.strftime("%H:%M:%S"),
    ).select("person_id", "organisation_id", *PROFILE)
    statement = sql.SQL(WRITE).format(at=sql.Literal(at), told=rows(flat, "w"))
    connection.execute(statement)


def _by_hour(scores: pl.Series) -> str:
    """Scores of the hours that have any, as JSON."""
    told = (f'"{hour}": {score:.4f}' for hour, score in enumerate(scores) if score is not None)
    return f"{{{', '.join(told)}}}"


def read(connection: Connection, person_id: int) -> dict[str, Any] | None:
    """Somebody's profile as it was last told; None where there is none."""
    return connection.execute(READ, (person_id,)).fetchone()
