"""One row per person: first and last seen, streaks, habits. One statement with the days it follows from.

A streak grows from its last day when days come in order. Whoever had a day filled in before
their last one has the streaks recomputed from all their days: rare, and the only look back.
"""

# What comes late and fills in a time that was over: more than the sessions known by then already say.
BATCH = """
batch AS MATERIALIZED (SELECT * FROM {people}),
filled AS MATERIALIZED (
  SELECT DISTINCT r.person_id
    FROM runs r JOIN person_state s ON s.person_id = r.person_id AND r.started_at < s.last_seen_at
   WHERE NOT EXISTS (SELECT FROM touching x WHERE x.person_id = r.person_id AND x.run_at = r.started_at
                        AND x.started_at <= r.started_at AND x.ended_at >= least(r.ended_at, s.last_seen_at))),
"""

# A day is fresh when it has no more events than the group's. (An equation would let PostgreSQL
# expect next to none, and compare everybody with everybody.) `person_day` reads as it was before.
STREAKS = """
fresh AS MATERIALIZED (
  SELECT person_id, day FROM counted c JOIN days d USING (person_id, day) WHERE c.events <= d.events),
news AS MATERIALIZED (
  SELECT s.person_id, s.streak_day, s.current_streak, min(f.day) < s.streak_day AS late, count(*)::int AS days
    FROM fresh f JOIN person_state s USING (person_id) GROUP BY s.person_id),
known AS (
  SELECT person_id, day, 1 AS length FROM fresh
  UNION ALL
  SELECT person_id, streak_day, current_streak FROM news WHERE late IS FALSE
  UNION ALL
  SELECT n.person_id, d.day, 1 FROM news n
   CROSS JOIN LATERAL (SELECT day FROM person_day d WHERE d.person_id = n.person_id OFFSET 0) d WHERE late),
chained AS (
  SELECT person_id, day, length, day - row_number() OVER (PARTITION BY person_id ORDER BY day)::int AS island
    FROM known),
stretches AS (
  SELECT person_id, max(day) AS last_day, sum(length)::int AS length FROM chained GROUP BY person_id, island),
streaks AS MATERIALIZED (
  SELECT person_id, max(last_day) AS streak_day, max(length) AS longest,
         (array_agg(length ORDER BY last_day DESC))[1] AS current
    FROM stretches GROUP BY person_id),
"""

# An hour that already is the busiest stays it when it gains; only people seen at other hours are looked at again.
HABITS = """
usual AS MATERIALIZED (
  SELECT person_id, s.morning_hour, s.evening_hour FROM batch b JOIN person_state s USING (person_id)),
moved AS (
  SELECT DISTINCT e.person_id
    FROM (SELECT person_id, hour % 24 AS hour FROM {hours}) e
    JOIN usual u USING (person_id)
   WHERE (hour BETWEEN 5 AND 11 AND hour IS DISTINCT FROM u.morning_hour)
      OR (hour BETWEEN 17 AND 23 AND hour IS DISTINCT FROM u.evening_hour)),
byhour AS (
  SELECT m.person_id, h.hour, sum(h.events) AS events
    FROM moved m CROSS JOIN LATERAL (
         SELECT (p.hour % 24)::smallint AS hour, p.events FROM person_hour p WHERE p.person_id = m.person_id OFFSET 0) h
   WHERE h.hour BETWEEN 5 AND 11 OR h.hour BETWEEN 17 AND 23 GROUP BY 1, 2),
habits AS MATERIALIZED (
  SELECT person_id,
         (array_agg(hour ORDER BY events DESC, hour) FILTER (WHERE hour BETWEEN 5 AND 11))[1] AS morning,
         (array_agg(hour ORDER BY events DESC, hour) FILTER (WHERE hour BETWEEN 17 AND 23))[1] AS evening
    FROM byhour GROUP BY person_id)
"""

UPDATE = """
UPDATE person_state s
   SET first_seen_at = least(s.first_seen_at, b.first_at), last_seen_at = greatest(s.last_seen_at, b.last_at),
       last_completion_at = greatest(s.last_completion_at, b.completed_at), events = s.events + b.events,
       active_days = s.active_days + coalesce(n.days, 0),
       current_streak = coalesce(t.current, s.current_streak), longest_streak = greatest(s.longest_streak, t.longest),
       streak_day = coalesce(t.streak_day, s.streak_day),
       morning_hour = coalesce(h.morning, s.morning_hour), evening_hour = coalesce(h.evening, s.evening_hour),
       filled_in = s.filled_in + (f.person_id IS NOT NULL)::int,
       changed_at = {now}, next_due_at = least(s.next_due_at, {now})
  FROM batch b LEFT JOIN filled f USING (person_id) LEFT JOIN habits h USING (person_id)
  LEFT JOIN news n USING (person_id) LEFT JOIN streaks t USING (person_id)
 WHERE s.person_id = b.person_id
"""

STATE = BATCH + STREAKS + HABITS + UPDATE
