"""What was told of skills that people are losing, kept among `predictions` and held to their next answers."""

from datetime import datetime, timedelta

from tactful.store.database import Connection
from tactful.store.sensed.measures import SCORE
from tactful.store.sensed.memories import RIGHT

# How long the next answer is waited for; where none came by then, the truth is never known.
WAITED = timedelta(days=14)

# Of everybody in small organisations, of an even sample of people in large ones; the same ones each time.
NOTE = """
INSERT INTO predictions (organisation_id, person_id, capability, about, asked_at, due_at, probability, confidence)
SELECT organization_id, user_id, 'forgetting', skill_id, %(at)s, %(due_at)s, 1 - current_mastery,
       answers / (answers + %(confident)s::float8)
  FROM (SELECT r.*, m.answers, count(*) OVER (PARTITION BY r.organization_id) AS skills,
               (hashint8extended(r.user_id, 11) & 1048575) / 1048576.0 AS place
          FROM skill_regressions r JOIN person_memory m ON m.person_id = r.user_id AND m.skill_id = r.skill_id
         WHERE r.ended_at IS NULL) r
 WHERE place * skills < %(most)s
   AND NOT EXISTS (SELECT FROM predictions p WHERE p.organisation_id = r.organization_id
                      AND p.capability = 'forgetting' AND p.asked_at > %(at)s - %(every)s AND p.asked_at <> %(at)s)
    ON CONFLICT DO NOTHING
"""
SETTLE = f"""
UPDATE predictions p SET truth = n.score < %(right)s
  FROM predictions q
  JOIN LATERAL (SELECT {SCORE} AS score FROM events e
                 WHERE e.person_id = q.person_id AND e.skill_id = q.about
                   AND e.occurred_at > q.asked_at AND e.occurred_at <= q.due_at AND {SCORE} IS NOT NULL
                 ORDER BY e.occurred_at, e.received_at, e.id LIMIT 1) n ON true
 WHERE p.id = q.id AND q.capability = 'forgetting' AND q.truth IS NULL AND q.asked_at < %(at)s AND q.due_at > %(since)s
"""


def note(connection: Connection, *, at: datetime, every: timedelta, most: int, confident: float) -> None:
    """Keep what is told of forgetting at `at`, unless that was done less than `every` ago; of about `most` skills each.

    confident: answers at which half of the confidence is reached.
    """
    values = {"at": at, "due_at": at + WAITED, "every": every, "most": most, "confident": confident}
    connection.execute(NOTE, values)


def settle(connection: Connection, *, at: datetime) -> None:
    """Note which of them the next answer showed to be forgotten, as far as one came by `at`.

    What is counted within a day of the end of the wait still counts.
    """
    since = at - timedelta(days=1)
    connection.execute(SETTLE, {"at": at, "since": since, "right": RIGHT})
