"""From the sums of a group of events to the state that features read, under the locks of their people.

Every statement is one set-based pass over the sums, and none looks further back in anybody's
history than the group reaches, except for a person whose event belongs to an earlier day than
their last one.
"""

from datetime import datetime

from psycopg import sql

from tactful.store.literals import rows
from tactful.store.sensed.rest import Rest
from tactful.store.sensed.rollup_days import DAYS
from tactful.store.sensed.rollup_state import STATE
from tactful.store.sensed.sums import Sums

HOURS = """
INSERT INTO person_hour AS h (person_id, hour, organisation_id, events, score_sum, score_count)
SELECT person_id, hour, organisation_id, events, score_sum, score_count FROM {hours}
    ON CONFLICT (person_id, hour) DO UPDATE
   SET events = h.events + excluded.events, score_sum = h.score_sum + excluded.score_sum,
       score_count = h.score_count + excluded.score_count;
"""

SKILLS = """
INSERT INTO person_skill (person_id, skill_id, organisation_id, attempts, score_sum, last_at)
SELECT person_id, skill_id, organisation_id, events, score, last_at FROM {skills}
    ON CONFLICT (person_id, skill_id) DO UPDATE
   SET attempts = person_skill.attempts + excluded.attempts, score_sum = person_skill.score_sum + excluded.score_sum,
       last_at = greatest(person_skill.last_at, excluded.last_at);
"""


def bring_up_to_date(sums: Sums, now: datetime, rest: Rest) -> sql.Composed:
    """All state of the people in `sums`; they must be locked. Several statements in one."""
    statements = HOURS + (SKILLS if sums.skills.height else "") + DAYS + STATE
    return sql.SQL(statements).format(
        now=sql.Literal(now),
        runs=rows(sums.runs, "runs"),
        days=rows(sums.days, "days"),
        hours=rows(sums.hours, "hours"),
        skills=rows(sums.skills, "skills"),
        people=rows(sums.people, "people"),
        # A number of ours, and perhaps others by organisation.
        rest=sql.SQL(rest.told("s.organisation_id")),
    )
