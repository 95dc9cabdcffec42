"""One row per person: first and last seen, streaks, habits. One statement with the days it follows from.

A streak grows from its last day when days come in order. Whoever had a day filled in before
their last one has the streaks recomputed from all their days: rare, and the only look back.
"""

from tactful.store.sensed.streaks import STREAKS

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
# The streak so far stands for its days; those of the last week are told one by one only where days off are allowed.
KNOWN = """
fresh AS MATERIALIZED (
  SELECT person_id, day, d.zone, d.organisation_id
    FROM counted c JOIN days d USING (person_id, day) WHERE c.events <= d.events),
news AS MATERIALIZED (
  SELECT s.person_id, s.streak_day, s.current_streak, s.week_days, {rest} AS rest, min(f.day) AS next_day,
         min(f.day) < s.streak_day AS late, count(*)::int AS days
    FROM (SELECT person_id, day FROM fresh) f JOIN person_state s USING (person_id) GROUP BY s.person_id),
known AS (
  SELECT person_id, f.day, f.zone, 1 AS length, n.rest FROM fresh f JOIN news n USING (person_id)
  UNION ALL
  SELECT n.person_id, n.streak_day,
         CASE WHEN n.next_day > n.streak_day + 1 THEN
           (SELECT d.zone FROM person_day d WHERE d.person_id = n.person_id AND d.day = n.streak_day) END,
         n.current_streak, n.rest FROM news n WHERE late IS FALSE
  UNION ALL
  SELECT n.person_id, n.streak_day - i, NULL, 0, n.rest FROM news n CROSS JOIN generate_series(1, 6) i
   WHERE late IS FALSE AND n.rest > 0 AND n.week_days >> i & 1 = 1
  UNION ALL
  SELECT n.person_id, d.day, d.zone, 1, n.rest FROM news n
   CROSS JOIN LATERAL (SELECT day, zone FROM person_day d WHERE d.person_id = n.person_id OFFSET 0) d WHERE late),
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
       completions = s.completions + b.completions, seconds = s.seconds + b.seconds,
       active_days = s.active_days + coalesce(n.days, 0),
       current_streak = coalesce(t.current, s.current_streak), longest_streak = greatest(s.longest_streak, t.longest),
       streak_day = coalesce(t.streak_day, s.streak_day),
       week_days = CASE WHEN t.streak_day IS NULL THEN s.week_days WHEN n.late IS NOT FALSE THEN t.bits
                        ELSE s.week_days << least(t.streak_day - s.streak_day, 7) & 127 | t.bits END,
       comebacks = coalesce(t.comebacks, 0) + CASE WHEN n.late IS TRUE THEN 0 ELSE s.comebacks END,
       morning_hour = coalesce(h.morning, s.morning_hour), evening_hour = coalesce(h.evening, s.evening_hour),
       filled_in = s.filled_in + (f.person_id IS NOT NULL)::int,
       changed_at = {now}, next_due_at = least(s.next_due_at, {now})
  FROM batch b LEFT JOIN filled f USING (person_id) LEFT JOIN habits h USING (person_id)
  LEFT JOIN news n USING (person_id) LEFT JOIN streaks t USING (person_id)
 WHERE s.person_id = b.person_id
"""

STATE = BATCH + KNOWN + STREAKS + HABITS + UPDATE
