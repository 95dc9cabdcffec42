"""How people did on skills by an instant of the past: where they were stuck then, and their curves.

Part of `asof`. Plateaus are those that were told then; how long and how often somebody had tried follows from the
events, but how mastery stood is not kept, nor what had been suggested before the last thing that was. Curves are
rebuilt by their one definition, and only for people who are named: nobody reads everybody's in the past.
"""

from datetime import datetime

import polars as pl

from tactful.facts.curves import ATTEMPT, CURVE, advance
from tactful.store import shadows
from tactful.store.decided.moments import Scope
from tactful.store.literals import listed
from tactful.store.reading import Reader

PLATEAUS = """
INSERT INTO pg_temp.learning_plateaus
       (id, user_id, organization_id, topic, skill_id, days_on_topic, attempts, mastery_level, mastery_improvement,
        mastery_found, intervention_suggested, suggested_at, intervention_taken, taken_at, detected_at, updated_at)
SELECT l.id, l.user_id, l.organization_id, l.topic, l.skill_id, coalesce(k.days, l.days_on_topic),
       coalesce(k.attempts, l.attempts), l.mastery_found, l.mastery_improvement, l.mastery_found,
       CASE WHEN l.suggested_at <= %s THEN l.intervention_suggested END, l.suggested_at,
       coalesce(l.taken_at <= %s, false), l.taken_at, l.detected_at, l.updated_at
  FROM public.learning_plateaus l
  LEFT JOIN (SELECT person_id, skill_id, count(*) AS attempts, max(local::date) - min(local::date) + 1 AS days
               FROM pg_temp.known_events WHERE score IS NOT NULL AND skill_id IS NOT NULL GROUP BY 1, 2) k
    ON k.person_id = l.user_id AND k.skill_id = l.skill_id
 WHERE l.detected_at <= %s AND (l.is_active OR coalesce(l.resolved_at, l.left_at) > %s) AND """

# In the order in which they were counted.
ATTEMPTS = """
SELECT person_id, skill_id, organisation_id, topic, local::date AS day, score FROM pg_temp.known_events
 WHERE score IS NOT NULL AND skill_id IS NOT NULL ORDER BY person_id, received_at, occurred_at, id
"""
SQL_TYPES = {
    "person_id": "bigint", "skill_id": "text", "organisation_id": "bigint", "topic": "text", "attempts": "int",
    "score_sum": "float8", "first_day": "date", "last_day": "date", "sums": "text", "days": "text",
}  # fmt: skip
LISTS = {"sums": "float8[]", "days": "int[]"}
CURVES = f"""
INSERT INTO pg_temp.skill_curve ({", ".join(CURVE)}, changed_at)
SELECT {", ".join(f"{name}::{LISTS[name]}" if name in LISTS else name for name in CURVE)}, %s
  FROM unnest({", ".join(f"%s::{kind}[]" for kind in SQL_TYPES.values())}) AS w ({", ".join(SQL_TYPES)})
"""


def shadow(reader: Reader, scope: Scope, at: datetime) -> None:
    """From here to the end of the transaction, plateaus are as of `at`, and so are curves of people who are named.

    Reads `pg_temp.known_events`, as `asof.shadow` has filled it.
    """
    shadows.shadow(reader, "learning_plateaus")
    clause, values = scope.where(at, person="l.user_id")
    reader.run(PLATEAUS + clause, [at, at, at, at, *values])
    if scope.people is not None:
        shadows.shadow(reader, "skill_curve")
        curves = advance(pl.DataFrame(schema=CURVE), reader.read(ATTEMPTS, [], ATTEMPT))
        told = curves.with_columns(listed(name) for name in LISTS)
        reader.run(CURVES, [at, *(told[name].to_list() for name in SQL_TYPES)])
