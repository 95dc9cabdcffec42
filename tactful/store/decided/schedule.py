"""When each person should be looked at again. A fact that arrived meanwhile keeps its person due."""

import polars as pl

from tactful.store.copying import stage
from tactful.store.database import Connection

# What `changed_at` of a person_state `s` becomes at that instant: something new, even within one microsecond.
CHANGED = "greatest(s.changed_at + interval '1 microsecond', {0})"


# Locked in order of people first, as those who count events do: neither then waits for the other in a circle.
NEXT_DUE = """
WITH held AS MATERIALIZED (
  SELECT s.person_id, l.next_due_at FROM person_state s JOIN looked_at l USING (person_id)
   WHERE s.changed_at = l.changed_at ORDER BY s.person_id FOR NO KEY UPDATE OF s)
UPDATE person_state s SET next_due_at = h.next_due_at FROM held h WHERE s.person_id = h.person_id
"""


def next_due(connection: Connection, seen: pl.DataFrame, decided: pl.DataFrame) -> None:
    """Write `next_due_at` of `decided` for the people in `seen`, unless new facts came since they were read."""
    rows = seen.select("person_id", "changed_at").join(decided.select("person_id", "next_due_at"), on="person_id")
    if rows.is_empty():
        return
    connection.execute("DROP TABLE IF EXISTS looked_at")
    stage(connection, "looked_at", rows, "person_id bigint, changed_at timestamptz, next_due_at timestamptz")
    connection.execute(NEXT_DUE)
