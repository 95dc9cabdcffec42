"""Sessions and days: intervals are merged with their neighbours, and each day's counts follow.

A session is a longest run of one person's events with no silence of more than SESSION_GAP in it.
New events form runs of their own first (see `sums`); a run then swallows every
stored session it touches, so events may come late and in any order. Stored sessions never touch
each other, hence only the last one that began before a run, and those that began within it, can
touch it.
"""

from tactful.store.sensed.measures import SESSION_GAP

# Whoever was not seen since a session's gap before a run has no session that it could touch.
TOUCHED = f"""
WITH runs AS MATERIALIZED (SELECT * FROM {{runs}}),
touching AS MATERIALIZED (
  SELECT r.person_id, r.started_at AS run_at, x.started_at, x.ended_at, x.day, x.events
    FROM runs r JOIN person_state s ON s.person_id = r.person_id AND s.last_seen_at >= r.started_at - {SESSION_GAP}
   CROSS JOIN LATERAL (
         (SELECT * FROM person_session x WHERE x.person_id = r.person_id AND x.started_at <= r.started_at
           ORDER BY x.started_at DESC LIMIT 1)
         UNION ALL
         SELECT * FROM person_session x WHERE x.person_id = r.person_id
            AND x.started_at > r.started_at AND x.started_at <= r.ended_at + {SESSION_GAP}) x
   WHERE x.ended_at >= r.started_at - {SESSION_GAP}),
touched AS MATERIALIZED (SELECT DISTINCT person_id, started_at, ended_at, day, events FROM touching),
"""

MERGED = f"""
marked AS (
  SELECT person_id, organisation_id, started_at, ended_at, events, day,
         (person_id, started_at) IN (SELECT person_id, run_at FROM touching) AS touches
    FROM runs),
pieces AS (
  SELECT person_id, organisation_id, started_at, ended_at, events, day, 1 AS age FROM marked WHERE touches
  UNION ALL SELECT person_id, NULL, started_at, ended_at, events, day, 0 FROM touched),
edges AS (
  SELECT *, started_at > max(ended_at) OVER (PARTITION BY person_id ORDER BY started_at, age
                                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + {SESSION_GAP} AS apart
    FROM pieces),
islands AS (
  SELECT *, count(*) FILTER (WHERE apart IS NOT FALSE)
              OVER (PARTITION BY person_id ORDER BY started_at, age ROWS UNBOUNDED PRECEDING) AS island
    FROM edges),
merged AS MATERIALIZED (
  SELECT person_id, max(organisation_id) AS organisation_id, min(started_at) AS started_at, max(ended_at) AS ended_at,
         sum(events)::int AS events, (array_agg(day ORDER BY started_at, age))[1] AS day
    FROM islands GROUP BY person_id, island
  UNION ALL
  SELECT person_id, organisation_id, started_at, ended_at, events, day FROM marked WHERE NOT touches),
gone AS (
  DELETE FROM person_session x USING touched t
   WHERE x.person_id = t.person_id AND x.started_at = t.started_at
     AND NOT EXISTS (SELECT 1 FROM merged m WHERE m.person_id = t.person_id AND m.started_at = t.started_at)),
kept AS (
  INSERT INTO person_session (person_id, started_at, organisation_id, ended_at, day, events)
  SELECT person_id, started_at, organisation_id, ended_at, day, events FROM merged
      ON CONFLICT (person_id, started_at) DO UPDATE SET ended_at = excluded.ended_at, events = excluded.events),
"""

# A day whose only change is a session that now begins on another day has its row already:
# the placeholders for its organisation and zone are never stored.
COUNTED = """
opened AS (
  SELECT person_id, day, sum(more)::int AS sessions
    FROM (SELECT person_id, day, 1 AS more FROM merged UNION ALL SELECT person_id, day, -1 FROM touched) changes
   GROUP BY person_id, day HAVING sum(more) <> 0),
days AS MATERIALIZED (SELECT * FROM {days}),
counted AS (
  INSERT INTO person_day AS known (person_id, day, organisation_id, zone, events, sessions, completions,
                                   score_sum, score_count, sentiment_sum, sentiment_count, seconds)
  SELECT person_id, day, coalesce(organisation_id, 0), coalesce(zone, ''),
         coalesce(d.events, 0), coalesce(o.sessions, 0), coalesce(completions, 0),
         coalesce(score_sum, 0), coalesce(score_count, 0),
         coalesce(sentiment_sum, 0), coalesce(sentiment_count, 0), coalesce(seconds, 0)
    FROM days d FULL JOIN opened o USING (person_id, day)
      ON CONFLICT (person_id, day) DO UPDATE
     SET events = known.events + excluded.events, sessions = known.sessions + excluded.sessions,
         completions = known.completions + excluded.completions,
         score_sum = known.score_sum + excluded.score_sum, score_count = known.score_count + excluded.score_count,
         sentiment_sum = known.sentiment_sum + excluded.sentiment_sum,
         sentiment_count = known.sentiment_count + excluded.sentiment_count, seconds = known.seconds + excluded.seconds
  RETURNING person_id, day, events),
"""

DAYS = TOUCHED + MERGED + COUNTED
