"""The whole ledger, summed up by result and guard rail, as an operator of the organisation may see it."""

from datetime import datetime
from typing import Any

from tactful.store.learned.days import ABOUT, ALONE, BITS, CANDIDATES, DECISIONS, FORBADE, RESULT, split
from tactful.store.steps import Say, Steps

RANGED = """
(SELECT d.* FROM unnest(%(since)s::timestamptz[], %(beyond)s::timestamptz[]) AS r (since, beyond)
   JOIN decisions d ON d.at >= r.since AND d.at < r.beyond) d
"""
RESULTS = f"""
WITH parts AS (
  SELECT day::timestamp AT TIME ZONE 'UTC' AS at, about, result, kind, decisions FROM result_days
   WHERE day = ANY(%(days)s::date[])
   UNION ALL
  SELECT date_trunc(%(step)s, d.at, 'UTC'), {ABOUT}, {RESULT}, coalesce(d.chosen, ''), count(*)
    FROM {RANGED} GROUP BY 1, 2, 3, 4)
SELECT at, about, result, kind, sum(decisions)::bigint AS decisions FROM parts
 GROUP BY GROUPING SETS ((at, result), (about, result, kind)) ORDER BY at, about, decisions DESC, result, kind
"""
VERDICTS = f"""
WITH parts AS (
  SELECT about, kind, bit, candidates, alone FROM verdict_days WHERE day = ANY(%(days)s::date[])
   UNION ALL
  SELECT about, kind, bit, sum(many), coalesce(sum(many) FILTER (WHERE {ALONE}), 0)
    FROM (SELECT about, kind, verdict, count(*) AS many FROM ({CANDIDATES.format(decisions=RANGED)}) c
           GROUP BY 1, 2, 3) c
    JOIN {BITS} b ON {FORBADE} GROUP BY about, kind, bit)
SELECT about, kind, bit, sum(candidates)::bigint AS candidates, sum(alone)::bigint AS alone
  FROM parts GROUP BY about, kind, bit ORDER BY about, kind, bit
"""
LOOKED = """
SELECT coalesce(sum(moments), 0)::bigint AS moments FROM looked_hours
 WHERE hour >= date_trunc('hour', %(from)s::timestamptz, 'UTC') AND hour <= %(to)s
"""
Rows = list[dict[str, Any]]


def results(since: datetime, until: datetime, step: str) -> Steps[tuple[Rows, Rows]]:
    """What became of rows of the ledger: over time by result (at, result), and by what they are about.

    The latter are of about, result and kind (what was chosen, or nothing). step: hour or day.
    """
    parts = yield from split(DECISIONS, since, until, summed=step == "day")
    rows = yield Say(RESULTS, parts.values | {"step": step})
    return [row for row in rows if row["at"]], [row for row in rows if not row["at"]]


def verdicts(since: datetime, until: datetime, *, summed: bool) -> Steps[Rows]:
    """Candidates by about, kind and the bit of the guard rail that forbade them; see `verdict_days`."""
    parts = yield from split(DECISIONS, since, until, summed=summed)
    return (yield Say(VERDICTS, parts.values))


def looked(since: datetime, until: datetime) -> Steps[int]:
    """How often ticks looked at somebody; whole hours, of which the first began before `since`."""
    (row,) = yield Say(LOOKED, {"from": since, "to": until})
    return int(row["moments"])
