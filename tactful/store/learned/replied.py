"""What was believed of people as they were written to, kept among `predictions` and held to whether they answered."""

from collections.abc import Collection
from datetime import datetime, timedelta

import polars as pl

from tactful.store.database import Connection
from tactful.store.learned import predictions

# An even sample of large organisations; the same people each time, the first of them where many are written to at once.
SAMPLE = """
SELECT id FROM (SELECT p.id, (hashint8extended(p.id, 19) & 1048575) / 1048576.0 AS place, o.people
                  FROM people p JOIN (SELECT organisation_id, count(*) AS people FROM people
                                       WHERE organisation_id IN (SELECT organisation_id FROM people WHERE id = ANY(%s))
                                       GROUP BY organisation_id) o USING (organisation_id)
                 WHERE p.id = ANY(%s)) p
 WHERE place * people < %s ORDER BY place, id LIMIT %s
"""
# They answered by coming or by a response, whatever it was; see facts.contacts and `sensed.stays`.
SETTLE = """
UPDATE predictions p
   SET truth = EXISTS (SELECT FROM person_session s WHERE s.person_id = p.person_id
                          AND s.started_at > p.asked_at AND s.started_at <= p.due_at)
            OR EXISTS (SELECT FROM intervention_logs i WHERE i.user_id = p.person_id AND i.user_response <> 'ignored'
                          AND i.responded_at > p.asked_at AND i.responded_at <= p.due_at)
 WHERE p.capability = 'timing' AND p.truth IS NULL AND p.due_at <= %s
"""


def sample(connection: Connection, people: Collection[int], *, each: int, most: int) -> tuple[int, ...]:
    """Whose beliefs are kept of `people`: of about `each` people of an organisation, and of `most` at once."""
    whom = list(people)
    found = connection.execute(SAMPLE, (whom, whom, each, most)).fetchall()
    return tuple(row["id"] for row in found)


def note(connection: Connection, told: pl.DataFrame, *, at: datetime, horizon: timedelta) -> None:
    """Keep what is believed at `at`, once. told: person_id, organisation_id, score, probability, confidence."""
    about = told.with_columns(about=pl.lit(""), stood=pl.lit(None, pl.Float64), share=pl.lit(1.0))
    predictions.note(connection, about, predictions.Asked("timing", at, at + horizon, timedelta(0)))


def settle(connection: Connection, *, at: datetime) -> None:
    """Note who of those whose wait is over by `at` answered in time."""
    connection.execute(SETTLE, (at,))
