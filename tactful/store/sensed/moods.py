"""How people feel, from the last of their messages: one definition, for now and for any moment before.

It follows from the messages alone, so those that come late or twice give the same as if each had come in order. At most
MOOD_MESSAGES are looked at, whatever somebody has said in their life.
"""

from datetime import datetime

from tactful.facts import interactions as facts
from tactful.store import shadows
from tactful.store.reading import Reader

DAY = 86_400
HALF_LIFE = facts.MOOD_HALF_LIFE.total_seconds() / DAY
WINDOW, KNOWN = (f"interval '{span.total_seconds():.0f} seconds'" for span in (facts.MOOD_WINDOW, facts.MOOD_KNOWN))
APART = facts.SLOPE_APART.total_seconds() / DAY

# Of everybody in {people} (a relation with person_id): their last message until {until}, and what it ends. Messages
# whose words cannot be read say nothing of a mood. day: before their last message, so 0 or less.
MOODS = f"""
SELECT p.person_id, l.occurred_at AS last_message_at, l.sentiment_type AS last_sentiment,
       l.engagement_quality_score AS last_quality, m.mood, m.slope AS mood_slope,
       CASE WHEN m.slope >= {facts.TREND} THEN 'improving' WHEN m.slope <= -{facts.TREND} THEN 'declining'
            WHEN m.slope IS NOT NULL THEN 'stable' END AS mood_trend
  FROM {{people}} p
 CROSS JOIN LATERAL (SELECT e.occurred_at, e.sentiment_type, e.engagement_quality_score FROM user_engagements e
                      WHERE e.user_id = p.person_id AND e.occurred_at <= {{until}}
                      ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1) l
 CROSS JOIN LATERAL (
  WITH said AS (
    SELECT e.sentiment_score AS score, e.sentiment_confidence AS sure,
           (extract(epoch FROM e.occurred_at - l.occurred_at) / {DAY})::float8 AS day
      FROM user_engagements e
     WHERE e.user_id = p.person_id AND e.occurred_at <= l.occurred_at AND e.occurred_at > l.occurred_at - {WINDOW}
       AND e.sentiment_confidence > 0
     ORDER BY e.occurred_at DESC, e.id DESC LIMIT {facts.MOOD_MESSAGES})
  SELECT (SELECT sum(score * sure * power(2, day / {HALF_LIFE})) / sum(sure * power(2, day / {HALF_LIFE})) FROM said)
             AS mood,
         (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (a.score - b.score) / (a.day - b.day))
            FROM said a JOIN said b ON a.day >= b.day + {APART}
           WHERE (SELECT count(*) FROM said) >= {facts.SLOPE_MESSAGES}) AS slope) m
"""

# How much somebody needs us (0..1) because of a mood that is low at {{at}}.
LOW = (
    f"CASE WHEN {{mood}} <= {facts.LOW_MOOD} AND {{last_at}} > {{at}}::timestamptz - {KNOWN} "
    "THEN least(1, -{mood}) ELSE 0 END"
)

FILL = f"""
INSERT INTO pg_temp.user_behavior_patterns
       (id, user_id, organization_id, last_interaction_at, mood, mood_slope, mood_trend, last_sentiment, last_quality)
SELECT s.person_id, s.person_id, s.organisation_id, t.last_message_at, t.mood, t.mood_slope, t.mood_trend,
       t.last_sentiment, t.last_quality
  FROM ({MOODS.format(people="pg_temp.person_state", until="%s")}) t JOIN pg_temp.person_state s USING (person_id)
"""


def shadow(reader: Reader, at: datetime) -> None:
    """From here to the end of the transaction, what messages say of people is as of `at`; part of `asof`.

    Of everybody in `pg_temp.person_state`, as `asof.shadow` has filled it.
    """
    shadows.shadow(reader, "user_behavior_patterns")
    reader.run(FILL, [at])
