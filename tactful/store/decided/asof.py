"""The past as it was known then: state rebuilt from events up to an instant.

Serving state says how things are now. When somebody names an earlier instant for a tick, a
question or an evaluation, `shadow` makes temporary tables with the same names, filled from the events
until then. PostgreSQL looks into a session's temporary tables first, so every other statement,
features included, reads the past without knowing it. They vanish with the transaction.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from tactful.store import shadows
from tactful.store.decided import mastery_then, milestones
from tactful.store.decided.moments import Scope
from tactful.store.learned import predictions
from tactful.store.reading import Reader
from tactful.store.sensed import moods
from tactful.store.sensed.measures import COMPLETED, SCORE, SECONDS, SENTIMENT
from tactful.store.sensed.rest import Rest
from tactful.store.sensed.streaks import STREAKS

# A tick that comes late by less than this is still a tick about now.
LATE = timedelta(hours=1)
# Asking takes a moment itself.
MOMENT = timedelta(minutes=1)


def is_past(at: datetime, now: datetime, *, margin: timedelta = MOMENT) -> bool:
    """Whether somebody who names the instant `at` means the past, not the present by the engine's clock `now`.

    Facts do not count: one with a time ahead of the clock makes nothing past.
    """
    return at < now - margin


DAYS = """
INSERT INTO pg_temp.person_day (person_id, day, organisation_id, zone, events, sessions, completions,
                                score_sum, score_count, sentiment_sum, sentiment_count, seconds)
SELECT person_id, local::date, min(organisation_id), min(zone), count(*), count(*) FILTER (WHERE opens),
       count(*) FILTER (WHERE completed), coalesce(sum(score), 0), count(score),
       coalesce(sum(sentiment), 0), count(sentiment), coalesce(sum(seconds), 0)
  FROM pg_temp.known_events GROUP BY person_id, local::date
"""

EVENTS = f"""
INSERT INTO pg_temp.known_events
SELECT e.person_id, e.organisation_id, p.zone, e.occurred_at, e.occurred_at AT TIME ZONE p.zone,
       coalesce(e.occurred_at - lag(e.occurred_at) OVER (PARTITION BY e.person_id ORDER BY e.occurred_at)
                > interval '30 minutes', true),
       {COMPLETED}, {SCORE}, {SENTIMENT}, {SECONDS}, e.skill_id, e.topic, e.received_at, e.id
  FROM events e JOIN people p ON p.id = e.person_id
 WHERE e.occurred_at <= %s AND """

# With as many days off as are allowed now.
STATE = f"""
INSERT INTO pg_temp.person_state
       (person_id, organisation_id, first_seen_at, last_seen_at, last_completion_at, events, completions, seconds,
        active_days, current_streak, longest_streak, streak_day, week_days, comebacks, morning_hour,
        evening_hour, changed_at, next_due_at)
WITH known AS (SELECT person_id, day, zone, 1 AS length, {{rest}} AS rest FROM pg_temp.person_day d),
{STREAKS}
hours AS (
  SELECT person_id,
         (array_agg(hour ORDER BY n DESC, hour) FILTER (WHERE hour BETWEEN 5 AND 11))[1] AS morning,
         (array_agg(hour ORDER BY n DESC, hour) FILTER (WHERE hour BETWEEN 17 AND 23))[1] AS evening
    FROM (SELECT person_id, extract(hour FROM local)::smallint AS hour, count(*) AS n
            FROM pg_temp.known_events GROUP BY 1, 2) h
   GROUP BY person_id),
seen AS (
  SELECT person_id, min(occurred_at) AS first, max(occurred_at) AS last, count(*) AS events,
         max(occurred_at) FILTER (WHERE completed) AS last_completion, count(*) FILTER (WHERE completed) AS completions,
         coalesce(sum(seconds), 0) AS seconds
    FROM pg_temp.known_events GROUP BY person_id)
SELECT s.person_id, s.organisation_id, k.first, k.last, k.last_completion, coalesce(k.events, 0),
       coalesce(k.completions, 0), coalesce(k.seconds, 0), coalesce(t.days, 0), coalesce(t.current, 0),
       coalesce(t.longest, 0), t.streak_day, coalesce(t.bits, 0), coalesce(t.comebacks, 0),
       h.morning, h.evening, s.changed_at, 'infinity'
  FROM public.person_state s JOIN people p ON p.id = s.person_id
  LEFT JOIN seen k USING (person_id) LEFT JOIN streaks t USING (person_id) LEFT JOIN hours h USING (person_id)
 WHERE (k.first IS NOT NULL OR s.first_seen_at IS NULL OR p.created_at <= %s) AND """

KNOWN = """CREATE TEMP TABLE known_events (person_id bigint, organisation_id bigint, zone text,
           occurred_at timestamptz, local timestamp, opens boolean, completed boolean,
           score double precision, sentiment double precision, seconds double precision,
           skill_id text, topic text, received_at timestamptz, id text) ON COMMIT DROP"""


def shadow(reader: Reader, scope: Scope, at: datetime, *, rest: tuple[int, Mapping[int, int]] = (0, {})) -> None:
    """From here to the end of the transaction, `person_day` and `person_state` are as of `at`, and so are plateaus
    and milestones and moods.

    Curves of attempts are, too, for people who are named in `scope`.
    People who were not known yet are absent. Nobody is due: the past schedules nothing. rest: days off that streaks
    are allowed, commonly and by organisation; none when left out.
    """
    shadows.shadow(reader, "person_day", "person_state")
    reader.run(KNOWN)
    clause, values = scope.where(at, person="e.person_id")
    reader.run(EVENTS + clause, [at, *values])
    reader.run(DAYS)
    clause, values = scope.where(at)
    statement = STATE.replace("{rest}", Rest(*rest).told("d.organisation_id"))
    reader.run(statement + clause, [at, *values])
    mastery_then.shadow(reader, scope, at)
    milestones.shadow(reader, scope, at)
    predictions.shadow(reader, scope, at)
    moods.shadow(reader, at)
    for table in ("known_events", "person_day", "person_state"):
        reader.run(f"ANALYZE pg_temp.{table}")
