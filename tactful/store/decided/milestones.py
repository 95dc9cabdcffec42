"""Milestones that are still to be celebrated: reached, and nobody told them yet. Each is celebrated once.

Several that wait are one celebration, which names the largest of them: the one that is worth most points.
"""

from collections.abc import Sequence
from datetime import datetime

from tactful.store import shadows
from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.reading import Reader

CELEBRATION = "milestone_celebration"
# Of these interventions those that celebrate were seen. What was noticed after one was decided waits for the next.
CELEBRATED = f"""
WITH these AS MATERIALIZED (
  SELECT m.user_id, m.milestone_name
    FROM user_milestone_progress m JOIN intervention_logs i ON m.user_id = i.user_id
   WHERE i.id = ANY(%(ids)s) AND i.intervention_type = '{CELEBRATION}'
     AND m.celebration = 'waiting' AND m.noticed_at <= i.triggered_at
   ORDER BY m.user_id, m.milestone_name FOR NO KEY UPDATE OF m)
UPDATE user_milestone_progress m SET celebration = 'celebrated', celebrated_at = %(at)s
  FROM these WHERE m.user_id = these.user_id AND m.milestone_name = these.milestone_name
"""

THEN = """
INSERT INTO pg_temp.user_milestone_progress
SELECT (jsonb_populate_record(NULL::public.user_milestone_progress,
        to_jsonb(m) || '{"celebration": "waiting", "celebrated_at": null}')).*
  FROM public.user_milestone_progress m
 WHERE m.noticed_at <= %s AND m.celebration <> 'silent' AND (m.celebrated_at IS NULL OR m.celebrated_at > %s) AND """


def celebrated(connection: Connection, interventions: Sequence[int], *, at: datetime) -> None:
    """Note which milestones people were congratulated on by seeing these interventions; that was all for them."""
    connection.execute(CELEBRATED, {"at": at, "ids": list(interventions)})


def shadow(reader: Reader, scope: Scope, at: datetime) -> None:
    """From here to the end of the transaction, what waits to be celebrated is what waited at `at`. Part of `asof`."""
    shadows.shadow(reader, "user_milestone_progress")
    clause, values = scope.where(at, person="m.user_id")
    reader.run(THEN + clause, [at, at, *values])
