"""From new events to the state that features read, set by set, under the locks of their people.

`staged_events` holds what the state needs of a group; every statement is one set-based pass over
it, and none looks further back in anybody's history than the group reaches, except for a person
whose event belongs to an earlier day than their last one.
"""

from datetime import datetime

from psycopg import sql

from tactful.store.rollup_days import DAYS
from tactful.store.rollup_state import STATE

# Kept for the length of the connection and emptied with every transaction: making a table costs
# more than counting a small group.
STAGED = """
CREATE TEMP TABLE IF NOT EXISTS staged_events (
  organisation_id bigint, person_id bigint, zone text, occurred_at timestamptz, skill_id text, run int,
  completed boolean, score double precision, sentiment double precision, seconds double precision,
  local timestamp GENERATED ALWAYS AS (occurred_at AT TIME ZONE zone) STORED
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE IF NOT EXISTS fresh_days (person_id bigint, day date) ON COMMIT DELETE ROWS;
DELETE FROM pg_temp.staged_events;
DELETE FROM pg_temp.fresh_days
"""

HOURS = """
INSERT INTO person_hour (person_id, hour, organisation_id, events)
SELECT person_id, (date_part('isodow', local) - 1) * 24 + date_part('hour', local), min(organisation_id), count(*)
  FROM pg_temp.staged_events GROUP BY 1, 2
    ON CONFLICT (person_id, hour) DO UPDATE SET events = person_hour.events + excluded.events;
"""

SKILLS = """
INSERT INTO person_skill (person_id, skill_id, organisation_id, attempts, score_sum, last_at)
SELECT person_id, skill_id, min(organisation_id), count(*), coalesce(sum(score), 0), max(occurred_at)
  FROM pg_temp.staged_events WHERE skill_id IS NOT NULL GROUP BY 1, 2
    ON CONFLICT (person_id, skill_id) DO UPDATE
   SET attempts = person_skill.attempts + excluded.attempts, score_sum = person_skill.score_sum + excluded.score_sum,
       last_at = greatest(person_skill.last_at, excluded.last_at);
"""


def bring_up_to_date(now: datetime, *, skills: bool) -> sql.Composed:
    """All state of the staged people; they must be locked. skills: whether any staged event names one."""
    return sql.SQL(DAYS + HOURS + SKILLS * skills + STATE).format(now=sql.Literal(now))
