"""What was done in a span of time and how it was taken, as an operator of the organisation may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.learned.days import COUNTS, INTERVENTIONS, SUMS, split
from tactful.store.steps import Say, Steps

ADDED = ", ".join(f"sum({name})::bigint AS {name}" for name in SUMS)
# Of days as they were summed up, and of what lies between them. In one go: by kind, channel and wording, and over time.
PEOPLE = f"""
WITH parts AS (
  SELECT day::timestamp AT TIME ZONE 'UTC' AS at, kind, channel, template, {", ".join(SUMS)} FROM intervention_days
   WHERE day = ANY(%(days)s::date[])
   UNION ALL
  SELECT date_trunc(%(step)s, i.triggered_at, 'UTC'), i.intervention_type, i.channel, i.template, {COUNTS}
    FROM unnest(%(since)s::timestamptz[], %(beyond)s::timestamptz[]) AS r (since, beyond)
    JOIN intervention_logs i ON i.triggered_at >= r.since AND i.triggered_at < r.beyond
   GROUP BY 1, 2, 3, 4)
SELECT at, kind, channel, template, {ADDED} FROM parts
 GROUP BY GROUPING SETS ((at), (kind), (kind, channel), (kind, channel, template))
 ORDER BY at, decided DESC, kind, channel, template
"""
ROOMS = """
SELECT type AS kind, coalesce(metadata ->> 'template', '') AS template, count(*) AS done,
       count(actor) AS by_hand, avg(confidence) AS confidence
  FROM interventions WHERE timestamp >= %(from)s AND timestamp <= %(to)s
 GROUP BY 1, 2 ORDER BY done DESC, kind, template
"""
PROPOSED = """
SELECT type AS kind, count(*) AS proposed, count(*) FILTER (WHERE state = 'approved') AS approved,
       count(*) FILTER (WHERE state = 'dismissed') AS dismissed,
       count(*) FILTER (WHERE state = 'expired' OR state = 'waiting' AND expires_at <= %(to)s) AS expired
  FROM live_suggestions WHERE suggested_at >= %(from)s AND suggested_at <= %(to)s GROUP BY 1 ORDER BY 1
"""
NOTICED = "SELECT count(*) AS noticed FROM anomalies WHERE timestamp >= %(from)s AND timestamp <= %(to)s"
HELP = """
SELECT help_type, count(*) AS shown, count(*) FILTER (WHERE user_response = 'accepted') AS accepted,
       count(*) FILTER (WHERE user_response = 'dismissed') AS dismissed
  FROM inline_help_logs WHERE shown_at >= %(from)s AND shown_at <= %(to)s GROUP BY 1 ORDER BY shown DESC, help_type
"""
# Where people are and what they used that day, by the day on which they were seen last.
PRESENCE = """
SELECT (last_seen_at AT TIME ZONE 'UTC')::date AS date, count(DISTINCT user_id) AS active_users,
       avg(quick_access_count_today)::float8 AS avg_quick_access,
       avg(inline_help_count_today)::float8 AS avg_inline_help
  FROM ambient_presence_states WHERE last_seen_at >= %(from)s AND last_seen_at <= %(to)s
 GROUP BY 1 ORDER BY 1 DESC
"""


@dataclass(frozen=True, slots=True)
class When:
    """From when to when (both in it), told by the `hour` or by the `day`."""

    since: datetime
    until: datetime
    step: str

    @property
    def values(self) -> dict[str, Any]:
        """What statements ask for."""
        return {"from": self.since, "to": self.until, "step": self.step}


Rows = list[dict[str, Any]]


def of_people(when: When) -> Steps[dict[str, Rows]]:
    """Interventions for single people: over time, and by kinds, channels and wordings, most first.

    Each row has what `days.SUMS` counts. kinds have no channel, channels no template.
    """
    parts = yield from split(INTERVENTIONS, when.since, when.until, summed=when.step == "day")
    rows = yield Say(PEOPLE, when.values | parts.values)
    told: dict[str, Rows] = {"over_time": [], "kinds": [], "channels": [], "wordings": []}
    for row in rows:
        told[_level(row)].append(dict(row))
    return told


def _level(row: Mapping[str, Any]) -> str:
    if row["at"] is not None:
        return "over_time"
    return "wordings" if row["template"] is not None else "channels" if row["channel"] is not None else "kinds"


def of_rooms(when: When) -> Steps[dict[str, Any]]:
    """What was done in live sessions by kind and template, what was proposed by kind, and how much was noticed."""
    done = yield Say(ROOMS, when.values)
    proposed = yield Say(PROPOSED, when.values)
    (noticed,) = yield Say(NOTICED, when.values)
    return {"done": done, "proposed": proposed, "noticed": noticed["noticed"]}


def of_help(when: When) -> Steps[Rows]:
    """Inline help by its type, most first: how often it was shown, accepted and dismissed."""
    return (yield Say(HELP, when.values))


def of_presence(when: When) -> Steps[Rows]:
    """Who was here, by the day on which they were seen last, newest first, and what they used on average."""
    return (yield Say(PRESENCE, when.values))
