"""Streaks out of days, in SQL: the one definition behind counting (`rollup_state`) and behind the past (`asof`).

`facts.streaks` says what a streak is. Days are told as rows `known`: person_id, day, the zone it was lived in (null
where that does not matter), length (how many days of a streak the row stands for) and rest (days off that are allowed).
"""

from tactful.facts.streaks import COMEBACK, WEEK

# Whole days between two active ones: by the calendar, unless they travelled; then by how much time really passed.
MISSED = """
CASE WHEN day - before <= 1 THEN 0
     WHEN zone = zone_before OR zone IS NULL OR zone_before IS NULL THEN day - before - 1
     ELSE greatest(0, least(day - before - 1, round(extract(epoch FROM
          (day::timestamp AT TIME ZONE zone) - ((before + 1)::timestamp AT TIME ZONE zone_before)) / 86400)::int)) END
"""

# active: of the seven days before this one. A day that never was is neither missed nor off.
STREAKS = f"""
ordered AS (
  SELECT person_id, day, zone, length, rest, lag(day) OVER w AS before, lag(zone) OVER w AS zone_before,
         max(day) OVER (PARTITION BY person_id) AS last,
         count(*) OVER (PARTITION BY person_id ORDER BY day
                        RANGE BETWEEN interval '{WEEK} days' PRECEDING AND interval '1 day' PRECEDING)::int AS active
    FROM known WINDOW w AS (PARTITION BY person_id ORDER BY day)),
gaps AS (SELECT *, {MISSED} AS missed FROM ordered),
numbered AS (
  SELECT *, count(*) FILTER (
              WHERE missed > rest OR missed > 0 AND {WEEK} - active - (day - before - 1 - missed) > rest)
              OVER (PARTITION BY person_id ORDER BY day) AS island
    FROM gaps),
stretches AS (
  SELECT person_id, max(day) AS last_day, sum(length)::int AS length,
         bit_or(CASE WHEN last - day < {WEEK} THEN 1 << (last - day) ELSE 0 END) AS bits,
         count(*) FILTER (WHERE day - before > {COMEBACK})::int AS comebacks
    FROM numbered GROUP BY person_id, island),
streaks AS MATERIALIZED (
  SELECT person_id, max(last_day) AS streak_day, max(length) AS longest, bit_or(bits) AS bits,
         sum(comebacks)::int AS comebacks, sum(length)::int AS days,
         (array_agg(length ORDER BY last_day DESC))[1] AS current
    FROM stretches GROUP BY person_id),
"""
