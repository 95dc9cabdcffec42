"""skill_regressions: found, kept up and ended as `predict.forgetting` says; reviewed when the person practised again.

A regression is told from the next by the practice it counts from. So it keeps its number, and its one reminder,
however often the belief about it comes and goes before the person practises.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import polars as pl

from tactful.store.copying import stage
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope

TOLD: dict[str, str] = {
    "person_id": "bigint", "organisation_id": "bigint", "skill_id": "text", "peak_mastery": "float8",
    "current_mastery": "float8", "regression_amount": "float8", "days_since_practice": "int",
    "last_practiced_at": "timestamptz", "predicted_mastery_in_week": "float8", "urgency": "text",
}  # fmt: skip
MOVING = ("peak_mastery", "current_mastery", "regression_amount", "days_since_practice", "predicted_mastery_in_week",
          "urgency")  # fmt: skip

# In one order everywhere, so that nobody who writes these waits in a circle.
LOCK = """
SELECT count(*) FROM (
  SELECT 1 FROM skill_regressions r
   WHERE (r.ended_at IS NULL OR NOT r.user_reviewed) AND {people} ORDER BY r.id FOR NO KEY UPDATE) locked
"""
REVIEWED = """
UPDATE skill_regressions r
   SET user_reviewed = true, reviewed_at = m.last_at, ended_at = coalesce(r.ended_at, %(at)s),
       updated_at = greatest(r.updated_at, %(at)s)
  FROM person_memory m
 WHERE m.person_id = r.user_id AND m.skill_id = r.skill_id AND m.last_at > r.last_practiced_at
   AND NOT r.user_reviewed AND r.id = ANY(%(open)s)
"""
OPEN = "SELECT r.id FROM skill_regressions r WHERE NOT r.user_reviewed AND {people} ORDER BY r.id"
# What a clock that went back says of what a later one said already is not taken.
LEFT = """
UPDATE skill_regressions r SET ended_at = %(at)s, updated_at = %(at)s
 WHERE r.id = ANY(%(open)s) AND r.ended_at IS NULL AND r.updated_at <= %(at)s
   AND NOT EXISTS (SELECT FROM told t WHERE t.person_id = r.user_id AND t.skill_id = r.skill_id
                      AND t.last_practiced_at = r.last_practiced_at)
"""
KEEP = f"""
INSERT INTO skill_regressions AS r (user_id, organization_id, skill_id, skill_name, last_practiced_at,
                                    {", ".join(MOVING)}, detected_at, updated_at)
SELECT t.person_id, t.organisation_id, t.skill_id, coalesce(nullif(s.title, ''), t.skill_id), t.last_practiced_at,
       {", ".join(f"t.{name}" for name in MOVING)}, %(at)s, %(at)s
  FROM told t LEFT JOIN skills s ON s.organisation_id = t.organisation_id AND s.id = t.skill_id
 ORDER BY t.person_id, t.skill_id
    ON CONFLICT (user_id, skill_id, last_practiced_at) DO UPDATE
   SET (skill_name, {", ".join(MOVING)}, ended_at, updated_at)
     = (excluded.skill_name, {", ".join(f"excluded.{name}" for name in MOVING)}, NULL, excluded.updated_at)
 WHERE r.updated_at <= excluded.updated_at AND NOT r.user_reviewed
   AND (r.ended_at IS NOT NULL OR (r.skill_name, {", ".join(f"r.{name}" for name in MOVING)})
        IS DISTINCT FROM (excluded.skill_name, {", ".join(f"excluded.{name}" for name in MOVING)}))
"""

FOUND = """
SELECT user_id, id AS regression_id, skill_id, skill_name, peak_mastery, current_mastery, regression_amount,
       days_since_practice, last_practiced_at, predicted_mastery_in_week, urgency, reminder_sent, reminder_sent_at,
       user_reviewed, reviewed_at, detected_at, ended_at IS NULL AS is_active, updated_at
  FROM skill_regressions
"""
LISTED = f"""{FOUND}
 WHERE user_id = %s AND (ended_at IS NULL OR NOT %s)
 ORDER BY ended_at IS NULL DESC, regression_amount DESC, detected_at DESC, id DESC LIMIT %s
"""
ACTIVE = f"{FOUND} WHERE user_id = ANY(%s) AND ended_at IS NULL ORDER BY user_id, regression_amount DESC, id DESC"


# The kind of intervention that reminds of what fades.
REMINDER = "skill_refresh"
# Of these interventions those that remind were seen; an unseen one that expires or is withdrawn was no reminder.
REMINDED = f"""
WITH these AS MATERIALIZED (
  SELECT r.id FROM skill_regressions r JOIN intervention_logs i ON r.user_id = i.user_id
   WHERE i.id = ANY(%(ids)s) AND i.intervention_type = '{REMINDER}'
     AND r.id = (i.context->>'regression_id')::bigint AND NOT r.reminder_sent ORDER BY r.id FOR NO KEY UPDATE OF r)
UPDATE skill_regressions r SET reminder_sent = true, reminder_sent_at = %(at)s FROM these WHERE r.id = these.id
"""


def reminded(connection: Connection, interventions: Sequence[int], *, at: datetime) -> None:
    """Note which regressions people were reminded of by seeing these interventions; they get no second reminder."""
    connection.execute(REMINDED, {"at": at, "ids": list(interventions)})


def write(connection: Connection, scope: Scope, told: pl.DataFrame, *, at: datetime) -> None:
    """Write what is said of the people in `scope` now; what has not changed is not written again.

    told: REGRESSION of predict.forgetting, and organisation_id; all that is to be told of them.
    """
    clause, named = scope.where(at, person="r.user_id")
    connection.execute(LOCK.format(people=clause), named)
    known = [row["id"] for row in connection.execute(OPEN.format(people=clause), named).fetchall()]
    connection.execute("DROP TABLE IF EXISTS told")
    columns = ", ".join(f"{name} {kind}" for name, kind in TOLD.items())
    stage(connection, "told", told.select(*TOLD).sort("person_id", "skill_id"), columns)
    values = {"at": at, "open": known}
    for statement in (REVIEWED, LEFT, KEEP):
        connection.execute(statement, values)


def listed(connection: Connection, person_id: int, *, active_only: bool, most: int) -> list[dict[str, Any]]:
    """Somebody's regressions, those of now first, then by how much is lost."""
    rows = connection.execute(LISTED, (person_id, active_only, most)).fetchall()
    return [{name: value for name, value in row.items() if name != "user_id"} for row in rows]


def active(connection: Connection, people: Sequence[int]) -> list[dict[str, Any]]:
    """What these people are forgetting now, each with `user_id`, our number of whose it is."""
    return connection.execute(ACTIVE, (list(people),)).fetchall()
