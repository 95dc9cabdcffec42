"""How people sounded as of any instants, and what they said afterwards: the same statement serves and teaches.

Whose mood nobody knew at an instant is left out of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import polars as pl

from tactful.facts.sounding import AFTERWARDS, LATELY, NIGHT_FROM, NIGHT_UNTIL, SOUNDED, USUAL
from tactful.store.reading import Reader
from tactful.store.sensed.moods import DAY, KNOWN, MOODS

USUALLY, OF_LATE = (f"interval '{span.total_seconds():.0f} seconds'" for span in (USUAL, LATELY))
HOUR = "extract(hour FROM e.occurred_at AT TIME ZONE a.zone)"

# Who is asked about ({people}, about p), at which instants (%s). Days are the person's own, so the last one that
# counts is over everywhere.
ASKED = """
SELECT p.id AS person_id, p.organisation_id, p.zone, t.at
  FROM people p CROSS JOIN unnest(%s::timestamptz[]) AS t (at) WHERE {people}
"""
SOUNDING = f"""
SELECT a.person_id, a.organisation_id, a.at, m.mood, m.mood_slope, u.last_score, u.usual, u.spread,
       u.messages::int AS messages, u.messages_lately::int AS messages_lately,
       (extract(epoch FROM a.at - m.last_message_at) / {DAY})::float8 AS days_silent, u.quality, u.quality_lately,
       u.at_night, d.active_week::int AS active_week, d.active_month::int AS active_month
  FROM ({ASKED}) a
 CROSS JOIN LATERAL ({MOODS.format(people="(SELECT a.person_id)", until="a.at")}) m
 CROSS JOIN LATERAL (
   SELECT (array_agg(e.sentiment_score ORDER BY e.occurred_at DESC, e.id DESC)
             FILTER (WHERE e.sentiment_confidence > 0))[1] AS last_score,
          sum(e.sentiment_score * e.sentiment_confidence) / nullif(sum(e.sentiment_confidence), 0) AS usual,
          stddev_samp(e.sentiment_score) FILTER (WHERE e.sentiment_confidence > 0) AS spread,
          count(*) AS messages, count(*) FILTER (WHERE e.occurred_at > a.at - {OF_LATE}) AS messages_lately,
          avg(e.engagement_quality_score) AS quality,
          avg(e.engagement_quality_score) FILTER (WHERE e.occurred_at > a.at - {OF_LATE}) AS quality_lately,
          (count(*) FILTER (WHERE {HOUR} >= {NIGHT_FROM} OR {HOUR} < {NIGHT_UNTIL}))::float8 / nullif(count(*), 0)
            AS at_night
     FROM user_engagements e
    WHERE e.user_id = a.person_id AND e.occurred_at <= a.at AND e.occurred_at > a.at - {USUALLY}) u
 CROSS JOIN LATERAL (
   SELECT count(*) FILTER (WHERE day >= l.last - 7) AS active_week, count(*) AS active_month
     FROM (VALUES ((a.at AT TIME ZONE 'UTC')::date - 1)) AS l (last)
     JOIN person_day d ON d.person_id = a.person_id AND d.day < l.last AND d.day >= l.last - 28 AND d.events > 0) d
 WHERE m.mood IS NOT NULL AND m.last_message_at > a.at - {KNOWN}
 ORDER BY a.at, a.person_id
"""
LATER = f"""
SELECT a.person_id, a.at, sum(e.sentiment_score * e.sentiment_confidence) / sum(e.sentiment_confidence) AS later_mood,
       count(*)::int AS later_messages
  FROM ({ASKED}) a
  JOIN user_engagements e ON e.user_id = a.person_id AND e.occurred_at > a.at AND e.occurred_at <= a.at + %s::interval
                         AND e.sentiment_confidence > 0
 GROUP BY a.person_id, a.at ORDER BY a.at, a.person_id
"""
SOME = "p.id = ANY(%s)"
# An even sample of those of an organisation who ever wrote: the same people each time.
SAMPLE = """p.id IN (SELECT user_id FROM user_behavior_patterns
                      WHERE organization_id = %s AND total_interactions > 0
                      ORDER BY hashint8extended(user_id, 3) LIMIT %s)"""
WRITTEN = "SELECT DISTINCT organization_id FROM user_behavior_patterns WHERE total_interactions > 0 ORDER BY 1"


def now(reader: Reader, people: Sequence[int], at: datetime) -> pl.DataFrame:
    """SOUNDED of those of `people` (our numbers) whose mood is known at `at`."""
    return reader.read(SOUNDING.format(people=SOME), [[at], sorted(people)], SOUNDED)


def then(reader: Reader, organisation: int, instants: Sequence[datetime], *, most: int) -> pl.DataFrame:
    """SOUNDED of `most` people of an organisation at each of `instants` where their mood was known."""
    return reader.read(SOUNDING.format(people=SAMPLE), [list(instants), organisation, most], SOUNDED)


def afterwards(
    reader: Reader, organisation: int, instants: Sequence[datetime], *, most: int, within: timedelta
) -> pl.DataFrame:
    """AFTERWARDS of the same people: of what could be read of what they said `within` so long after each instant."""
    return reader.read(LATER.format(people=SAMPLE), [list(instants), organisation, most, within], AFTERWARDS)


def organisations(reader: Reader) -> list[int]:
    """Whose people ever wrote to us."""
    return reader.read(WRITTEN, [], {"organization_id": pl.Int64})["organization_id"].to_list()
