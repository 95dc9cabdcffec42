"""What was believed of how moods go on, kept among `predictions` and held to what was said afterwards."""

from datetime import datetime, timedelta

import polars as pl

from tactful.store.database import Connection
from tactful.store.learned import predictions
from tactful.store.sensed.moods import KNOWN

# Beliefs are kept of about so many people of an organisation.
MOST = 2_000
# How long after the end of the wait what is counted only then still counts.
LATE = timedelta(days=7)

# Whose mood is known, of an even sample where they are many: the same people each time; once every so often.
WHOM = f"""
SELECT b.user_id FROM (SELECT user_id, count(*) OVER (PARTITION BY organization_id) AS people,
                              (hashint8extended(user_id, 23) & 1048575) / 1048576.0 AS place
                         FROM user_behavior_patterns
                        WHERE mood IS NOT NULL AND last_interaction_at > %(at)s::timestamptz - {KNOWN}) b
 WHERE place * people < %(most)s
   AND NOT EXISTS (SELECT FROM predictions p WHERE p.capability = 'mood_trend' AND p.person_id = b.user_id
                      AND p.asked_at > %(at)s - %(every)s)
 ORDER BY 1
"""
# Too few messages prove nothing. What they stood at is their mood as it was.
SETTLE = """
UPDATE predictions p
   SET truth = (n.mean - q.stood) * CASE q.about WHEN 'lower' THEN -1 ELSE 1 END >= %(moved)s
  FROM predictions q
 CROSS JOIN LATERAL (SELECT count(*) AS messages,
                            sum(e.sentiment_score * e.sentiment_confidence) / sum(e.sentiment_confidence) AS mean
                       FROM user_engagements e
                      WHERE e.user_id = q.person_id AND e.occurred_at > q.asked_at AND e.occurred_at <= q.due_at
                        AND e.sentiment_confidence > 0) n
 WHERE p.id = q.id AND q.capability = 'mood_trend' AND q.truth IS NULL AND q.due_at <= %(at)s AND q.due_at > %(since)s
   AND n.messages >= %(least)s
"""


def whom(connection: Connection, *, at: datetime) -> list[int]:
    """Whose beliefs are to be kept at `at` (our numbers)."""
    values = {"at": at, "most": MOST, "every": predictions.EVERY}
    return [row["user_id"] for row in connection.execute(WHOM, values).fetchall()]


def note(connection: Connection, told: pl.DataFrame, *, at: datetime, horizon: timedelta) -> None:
    """Keep what is believed at `at`. told: NOTED of `predictions`, all but share; about: lower or higher."""
    asked = predictions.Asked("mood_trend", at, at + horizon, predictions.EVERY)
    predictions.note(connection, told.with_columns(share=pl.lit(1.0)), asked)


def settle(connection: Connection, *, at: datetime, moved: float, least: int) -> None:
    """Note of whom it came true whose wait is over by `at`: `least` messages and more, by `moved` that way."""
    connection.execute(SETTLE, {"at": at, "since": at - LATE, "moved": moved, "least": least})
