"""How what was delivered was taken: by kind, wording, channel and hour, as an operator of the organisation may see it.

Days that were summed up are read from their sums, the rest as it lies in the tables, in one pass. What may still be
answered counts nowhere but as open.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tactful.store.learned.days import HOUR, INTERVENTIONS, REACHED, TAKEN, counts, split
from tactful.store.steps import Say, Steps

NAMES = (*TAKEN, "open")
# No answer can come any more, or the one that came is final.
SETTLED = """(i.expires_at <= %(until)s OR i.state NOT IN ('planned','shown','deferred')
              OR coalesce(i.user_response, 'snoozed') <> 'snoozed')"""
ADDED = ", ".join(f"coalesce(sum({name}), 0)::bigint AS {name}" for name in NAMES)
FINAL = {name: f"({condition}) AND {SETTLED}" for name, condition in TAKEN.items()}
LATELY = counts(FINAL | {"open": f"NOT {SETTLED}"})
PERFORMANCE = f"""
WITH lately AS MATERIALIZED (
  SELECT i.intervention_type AS kind, i.channel, i.template, {HOUR} AS hour, {LATELY}
    FROM unnest(%(since)s::timestamptz[], %(beyond)s::timestamptz[]) AS r (since, beyond)
    JOIN intervention_logs i ON i.triggered_at >= r.since AND i.triggered_at < r.beyond
    JOIN people p ON p.id = i.user_id WHERE {REACHED} GROUP BY 1, 2, 3, 4),
worded AS (
  SELECT kind, channel, template, {", ".join(NAMES)} FROM lately
   UNION ALL
  SELECT kind, channel, template, engaged + dismissed + snoozed + ignored + unanswered, engaged, dismissed, snoozed,
         ignored + unanswered, 0 FROM intervention_days WHERE day = ANY(%(days)s::date[])),
timed AS (
  SELECT hour, {", ".join(NAMES)} FROM lately
   UNION ALL
  SELECT hour, {", ".join(TAKEN)}, 0 FROM response_hours WHERE day = ANY(%(days)s::date[]))
SELECT CASE grouping(kind, channel, template) WHEN 7 THEN 'overall' WHEN 3 THEN 'kind' WHEN 5 THEN 'channel'
            ELSE 'template' END AS by, kind, channel, template, NULL AS hour, {ADDED}
  FROM worded GROUP BY GROUPING SETS ((), (kind), (channel), (kind, template))
 UNION ALL
SELECT 'hour', NULL, NULL, NULL, hour, {ADDED} FROM timed GROUP BY hour
 ORDER BY by, hour, delivered DESC, kind, channel, template
"""


def performance(since: datetime, until: datetime) -> Steps[list[dict[str, Any]]]:
    """What was decided from `since` to `until` and reached somebody: NAMES, in rows for all of it (`by`: overall), and
    by kind, template, channel and hour; most first, hours in their order. A kind and wording that reached nobody is
    not among them.
    """
    parts = yield from split(INTERVENTIONS, since, until)
    rows = yield Say(PERFORMANCE, parts.values | {"until": until})
    return [row for row in rows if row["by"] == "overall" or _any(row)]


def _any(row: Mapping[str, Any]) -> bool:
    return bool(row["delivered"] or row["open"]) and row["template"] != ""
