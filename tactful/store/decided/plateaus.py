"""learning_plateaus: found, kept up, resolved and left as `predict.plateau` says; what was tried is read from here."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from polars._typing import PolarsDataType

from tactful.store.copying import stage
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader

# The kind of intervention that offers what is suggested.
OFFER = "alternative_approach"

BEFORE: dict[str, PolarsDataType] = {
    "person_id": pl.Int64,
    "skill_id": pl.String,
    "is_active": pl.Boolean,
    "mastery_level": pl.Float64,
    "tried": pl.List(pl.String),
    "intervention_taken": pl.Boolean,
}
# The latest row of each skill, with everything that was suggested on it before.
STOOD = """
SELECT DISTINCT ON (p.user_id, p.skill_id) p.user_id AS person_id, p.skill_id, p.is_active,
       p.mastery_found AS mastery_level,
       (SELECT coalesce(array_agg(s.name ORDER BY q.id, s.place), '{{}}')
          FROM learning_plateaus q CROSS JOIN unnest(q.suggestions) WITH ORDINALITY AS s (name, place)
         WHERE q.user_id = p.user_id AND q.skill_id = p.skill_id) AS tried,
       p.intervention_taken AND p.taken_at <= %s AS intervention_taken
  FROM learning_plateaus p WHERE {people} ORDER BY p.user_id, p.skill_id, p.id DESC
"""
# They took it when they engaged with an offer that was made of it.
TAKEN = """
WITH these AS MATERIALIZED (
  SELECT p.id, i.responded_at FROM learning_plateaus p JOIN intervention_logs i ON i.user_id = p.user_id
   WHERE i.intervention_type = %s AND i.user_response = 'engaged' AND i.responded_at <= %s
     AND i.triggered_at >= p.suggested_at AND i.context->>'plateau_id' = p.id::text
     AND p.is_active AND NOT p.intervention_taken AND {people} ORDER BY p.id FOR NO KEY UPDATE OF p)
UPDATE learning_plateaus p SET intervention_taken = true, taken_at = these.responded_at, updated_at = %s
  FROM these WHERE p.id = these.id
"""

JUDGED: dict[str, str] = {
    "person_id": "bigint", "organisation_id": "bigint", "skill_id": "text", "topic": "text", "days_on_topic": "int",
    "attempts": "int", "mastery_level": "float8", "mastery_improvement": "float8", "suggestion": "text",
    "intervention_suggested": "text", "change": "text",
}  # fmt: skip
# In one order everywhere, so that nobody who writes these waits in a circle.
LOCK = """
SELECT count(*) FROM (
  SELECT 1 FROM learning_plateaus p JOIN judged j ON j.person_id = p.user_id AND j.skill_id = p.skill_id
   WHERE p.is_active ORDER BY p.id FOR NO KEY UPDATE OF p) locked
"""
# What was not known any more when it ended stays as it was last known.
MOVE = """
UPDATE learning_plateaus p
   SET topic = j.topic, days_on_topic = j.days_on_topic, attempts = j.attempts,
       mastery_level = coalesce(j.mastery_level, p.mastery_level),
       mastery_improvement = coalesce(j.mastery_improvement, p.mastery_improvement),
       is_active = j.change = 'kept', resolved = j.change = 'resolved',
       resolved_at = CASE WHEN j.change = 'resolved' THEN %(at)s::timestamptz END,
       left_at = CASE WHEN j.change = 'left' THEN %(at)s::timestamptz END, updated_at = %(at)s
  FROM judged j
 WHERE j.person_id = p.user_id AND j.skill_id = p.skill_id AND p.is_active AND j.change <> 'found'
   AND (j.change <> 'kept' OR (j.topic, j.days_on_topic, j.attempts) <> (p.topic, p.days_on_topic, p.attempts)
        OR j.mastery_level <> p.mastery_level OR j.mastery_improvement <> p.mastery_improvement)
"""
SUGGEST = """
UPDATE learning_plateaus p
   SET suggestions = p.suggestions || j.suggestion, intervention_suggested = j.intervention_suggested,
       suggested_at = %(at)s, intervention_taken = false, taken_at = NULL, updated_at = %(at)s
  FROM judged j
 WHERE j.person_id = p.user_id AND j.skill_id = p.skill_id AND p.is_active AND j.change = 'kept'
   AND j.suggestion <> p.suggestions[cardinality(p.suggestions)]
"""
FIND = """
INSERT INTO learning_plateaus (user_id, organization_id, skill_id, topic, days_on_topic, attempts, mastery_level,
                               mastery_improvement, mastery_found, intervention_suggested, suggestions, suggested_at,
                               detected_at, updated_at)
SELECT person_id, organisation_id, skill_id, topic, days_on_topic, attempts, mastery_level, mastery_improvement,
       mastery_level, intervention_suggested, ARRAY[suggestion], %(at)s, %(at)s, %(at)s
  FROM judged WHERE change = 'found' ORDER BY person_id, skill_id
    ON CONFLICT (user_id, skill_id) WHERE is_active DO NOTHING
RETURNING user_id
"""
# There may be something to say to them, which the next tick shall see.
DUE = """
WITH these AS MATERIALIZED (
  SELECT person_id FROM person_state WHERE person_id = ANY(%(people)s) AND next_due_at > %(at)s
   ORDER BY person_id FOR NO KEY UPDATE)
UPDATE person_state s SET next_due_at = %(at)s FROM these WHERE s.person_id = these.person_id
"""

FOUND = """
SELECT l.user_id, l.id AS plateau_id, l.topic, l.skill_id, coalesce(nullif(s.title, ''), l.skill_id) AS skill_name,
       l.days_on_topic, l.attempts, l.mastery_level, l.mastery_improvement, l.is_active, l.resolved, l.resolved_at,
       l.intervention_suggested, l.intervention_taken, l.detected_at, l.updated_at
  FROM learning_plateaus l LEFT JOIN skills s ON s.organisation_id = l.organization_id AND s.id = l.skill_id
"""
LISTED = f"""{FOUND}
 WHERE l.user_id = %s AND (l.is_active OR NOT %s)
 ORDER BY l.is_active DESC, l.detected_at DESC, l.id DESC LIMIT %s
"""
ACTIVE = f"{FOUND} WHERE l.user_id = ANY(%s) AND l.is_active ORDER BY l.user_id, l.detected_at DESC, l.id DESC"


def take(connection: Connection, scope: Scope, *, at: datetime) -> None:
    """Note who took what was last suggested to them."""
    clause, values = scope.where(at, person="p.user_id")
    connection.execute(TAKEN.format(people=clause), [OFFER, at, *values, at])


def before(reader: Reader, scope: Scope, *, at: datetime, patience: timedelta) -> pl.DataFrame:
    """BEFORE: what was told of the people in `scope`. patience: how long what was taken is given to help."""
    clause, values = scope.where(at, person="p.user_id")
    return reader.read(STOOD.format(people=clause), [at - patience, *values], BEFORE)


def write(connection: Connection, judged: pl.DataFrame, *, at: datetime) -> None:
    """Write what is said of people and skills now; what has not changed is not written again.

    judged: PLATEAU of predict.plateau, and organisation_id.
    """
    if judged.is_empty():
        return
    connection.execute("DROP TABLE IF EXISTS judged")
    stage(connection, "judged", judged.select(*JUDGED), ", ".join(f"{name} {kind}" for name, kind in JUDGED.items()))
    connection.execute(LOCK)
    for statement in (SUGGEST, MOVE):
        connection.execute(statement, {"at": at})
    found = connection.execute(FIND, {"at": at}).fetchall()
    if found:
        connection.execute(DUE, {"at": at, "people": [row["user_id"] for row in found]})


def listed(connection: Connection, person_id: int, *, active_only: bool, most: int) -> list[dict[str, Any]]:
    """Somebody's plateaus, those of now first, then the latest."""
    rows = connection.execute(LISTED, (person_id, active_only, most)).fetchall()
    return [{name: value for name, value in row.items() if name != "user_id"} for row in rows]


def active(connection: Connection, people: Sequence[int]) -> list[dict[str, Any]]:
    """The plateaus that these people are on, each with `user_id`, our number of whose it is."""
    return connection.execute(ACTIVE, (list(people),)).fetchall()
