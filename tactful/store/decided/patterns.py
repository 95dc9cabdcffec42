"""user_behavior_patterns beyond what messages say themselves: topics, hours, risk; and who needs us most.

One statement for any number of people; of their messages it reads those of the last TOPIC_WINDOW.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tactful.store.database import Connection
from tactful.store.decided.moments import Scope
from tactful.store.sensed.moods import DAY, KNOWN, LOW, MOODS

# A topic counts half as much as one that came up TOPIC_HALF_LIFE later; at most MOST_TOPICS of somebody.
TOPIC_HALF_LIFE, TOPIC_WINDOW = timedelta(days=30), timedelta(days=90)
MOST_TOPICS, MOST_HOURS = 10, 3
FADES = TOPIC_HALF_LIFE.total_seconds() / DAY
WINDOW = f"interval '{TOPIC_WINDOW.total_seconds():.0f} seconds'"

# Of whom there is something new: facts, a risk worked out since, or a mood of which nobody knows any more.
WHOM = f"""
SELECT s.person_id, s.organisation_id, r.risk_score,
       coalesce(r.risk_level = ANY(%(levels)s) AND r.confidence >= %(sure)s AND r.risk_score IS NOT NULL, false)
           AS needs,
       b.mood, b.last_interaction_at
  FROM person_state s
  LEFT JOIN dropout_risk_scores r ON r.user_id = s.person_id
  LEFT JOIN user_behavior_patterns b ON b.user_id = s.person_id
 WHERE {{people}}
   AND (%(since)s::timestamptz IS NULL OR s.changed_at >= %(since)s OR r.updated_at >= %(since)s
        OR EXISTS (SELECT FROM user_timing_profiles u WHERE u.user_id = s.person_id AND u.updated_at >= %(since)s)
        OR (b.need > 0 AND b.last_interaction_at <= %(at)s - {KNOWN}
            AND b.analyzed_at <= b.last_interaction_at + {KNOWN}))
"""
TOPICS = f"""
SELECT person_id, jsonb_agg(jsonb_build_object('topic', topic, 'weight', round(weight::numeric, 4), 'last_at', last_at)
                            ORDER BY weight DESC, topic) AS topics
  FROM (SELECT w.person_id, t.topic, max(e.occurred_at) AS last_at, sum(f.weight) AS weight,
               row_number() OVER (PARTITION BY w.person_id ORDER BY sum(f.weight) DESC, t.topic) AS place
          FROM whom w
          JOIN user_engagements e ON e.user_id = w.person_id AND e.occurred_at > %(at)s - {WINDOW}
         CROSS JOIN LATERAL unnest(e.topics) AS t (topic)
         CROSS JOIN LATERAL (VALUES (power(2, least(0, extract(epoch FROM e.occurred_at - %(at)s)
                                                       / {DAY} / {FADES})::float8))) AS f (weight)
         GROUP BY w.person_id, t.topic) x
 WHERE place <= {MOST_TOPICS} GROUP BY person_id
"""
HOURS = f"""
SELECT person_id, array_agg(hour ORDER BY events DESC, hour) AS hours
  FROM (SELECT w.person_id, mod(h.hour, 24) AS hour, sum(h.events) AS events,
               row_number() OVER (PARTITION BY w.person_id ORDER BY sum(h.events) DESC, mod(h.hour, 24)) AS place
          FROM whom w JOIN person_hour h USING (person_id) GROUP BY w.person_id, mod(h.hour, 24)) x
 WHERE place <= {MOST_HOURS} GROUP BY person_id
"""
ANALYSED = (
    "preferred_topics", "most_active_hours", "best_hours", "churn_risk_score", "needs_re_engagement", "need",
)  # fmt: skip
PASS = f"""
WITH whom AS MATERIALIZED ({WHOM}), told AS ({TOPICS}), active AS ({HOURS})
INSERT INTO user_behavior_patterns AS b (user_id, organization_id, {", ".join(ANALYSED)}, analyzed_at, updated_at)
SELECT w.person_id, w.organisation_id, coalesce(t.topics, '[]'), coalesce(a.hours, '{{{{}}}}'),
       coalesce(u.peak_hours, '{{{{}}}}'), w.risk_score, w.needs,
       greatest(CASE WHEN w.needs THEN w.risk_score END,
                {LOW.format(mood="w.mood", last_at="w.last_interaction_at", at="%(at)s")}), %(at)s, %(at)s
  FROM whom w LEFT JOIN told t USING (person_id) LEFT JOIN active a USING (person_id)
  LEFT JOIN user_timing_profiles u ON u.user_id = w.person_id
 ORDER BY w.person_id
    ON CONFLICT (user_id) DO UPDATE
   SET ({", ".join(ANALYSED)}, analyzed_at, updated_at)
     = ({", ".join(f"excluded.{name}" for name in ANALYSED)}, excluded.analyzed_at, excluded.updated_at)
 WHERE ({", ".join(f"b.{name}" for name in ANALYSED)})
       IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in ANALYSED)})
"""

# What served when the risk was worked out: their organisation's own, else everybody's.
LEARNED = """
SELECT version FROM model_versions m
 WHERE m.capability = 'dropout' AND (m.organisation_id = b.organization_id OR m.organisation_id IS NULL)
   AND m.promoted_at <= r.calculated_at AND (m.retired_at IS NULL OR m.retired_at > r.calculated_at)
 ORDER BY m.organisation_id NULLS LAST LIMIT 1
"""
# What a mood and a risk are made of is told besides; a mood of which nobody knows any more is not.
NEEDING = f"""
SELECT b.user_id, b.organization_id AS organisation_id, p.external_id,
       coalesce(nullif(p.name, ''), p.external_id) AS display_name, b.need,
       {", ".join(f"CASE WHEN m.known THEN b.{name} END AS {name}" for name in ("mood", "mood_slope", "mood_trend"))},
       b.average_sentiment, b.average_quality, b.total_interactions, b.last_interaction_at, b.last_sentiment,
       b.last_quality, b.preferred_topics, b.most_active_hours, b.best_hours, b.needs_re_engagement,
       r.risk_score AS churn_risk_score, coalesce(r.risk_level, 'unknown') AS risk_level, to_jsonb(r) AS risk,
       r.probability AS churn_probability, r.confidence AS churn_confidence, v.version AS churn_version
  FROM user_behavior_patterns b JOIN people p ON p.id = b.user_id
  LEFT JOIN dropout_risk_scores r ON r.user_id = b.user_id
  LEFT JOIN LATERAL ({LEARNED}) v ON r.probability IS NOT NULL
 CROSS JOIN LATERAL (VALUES (b.last_interaction_at > %(at)s::timestamptz - {KNOWN})) AS m (known)
"""
MOST_FIRST = f"""{NEEDING}
 WHERE b.organization_id = %(organisation)s AND b.need > 0 ORDER BY b.need DESC, b.user_id LIMIT %(limit)s
"""
OF_ONE = f"{NEEDING} WHERE b.user_id = %(person)s"
# What their mood was known to be, day by day: null where nobody knew.
COURSE = f"""
SELECT d.until AS at, CASE WHEN t.last_message_at > d.until - {KNOWN} THEN t.mood END AS mood
  FROM (SELECT %(person)s::bigint AS person_id, until
          FROM generate_series(%(since)s::timestamptz, %(at)s, interval '1 day') AS until) d
  LEFT JOIN LATERAL ({MOODS.format(people="(SELECT d.person_id)", until="d.until")}) t ON true ORDER BY d.until
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """From which risk on somebody is to be won back: its levels, and how sure (0..1) it has to be."""

    levels: Sequence[str]
    sure: float


def analyse(connection: Connection, scope: Scope, *, at: datetime, since: datetime | None, reach: Reach) -> None:
    """Bring the patterns of everybody in `scope` up to date of whom there is something new since `since`, or of all."""
    assert scope.people is None
    values = {"at": at, "since": since, "levels": list(reach.levels), "sure": reach.sure}
    people = "s.person_id > %(after)s AND s.person_id <= %(upto)s"
    connection.execute(PASS.format(people=people), values | {"after": scope.after, "upto": scope.upto})


def needing(connection: Connection, organisation: int, *, at: datetime, limit: int) -> list[dict[str, Any]]:
    """The people of an organisation (our number) who need us most, each with their pattern and `risk` (a row)."""
    return connection.execute(MOST_FIRST, {"organisation": organisation, "at": at, "limit": limit}).fetchall()


def of(connection: Connection, person: int, *, at: datetime) -> dict[str, Any] | None:
    """The pattern of one person (our number), as `needing` tells it; None where nothing is known."""
    return connection.execute(OF_ONE, {"person": person, "at": at}).fetchone()


def course(connection: Connection, person: int, *, since: datetime, at: datetime) -> list[dict[str, Any]]:
    """at and mood of one person (our number), a day apart, the last at `at`."""
    return connection.execute(COURSE, {"person": person, "since": since, "at": at}).fetchall()
