"""The whole ledger, as an operator of the organisation may see it: searched page by page, summed up by guard rail."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.errors import QueryCanceled

from tactful.store.learned.days import ABOUT, ALONE, BITS, CANDIDATES, DECISIONS, FORBADE, RESULT, split
from tactful.store.steps import Say, Steps

# A search that goes through more than it can in this time is told to narrow itself [ms].
PATIENCE = 10_000
TOO_LONG = QueryCanceled
BOUNDED = f"SET LOCAL statement_timeout = {PATIENCE}"

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
LISTED = """
SELECT d.id, d.at, {result} AS result, d.chosen, d.kinds, d.triggers, d.verdicts, d.due_at, d.propensity, d.policy,
       d.tick_id, p.external_id AS person, s.session_id AS session
  FROM decisions d LEFT JOIN people p ON p.id = d.person_id LEFT JOIN live_sessions s ON s.id = d.live_session_id
 WHERE d.at >= %(since)s AND d.at <= %(until)s AND (d.at, d.id) < (%(before)s, %(before_id)s) {filters}
 ORDER BY d.at DESC, d.id DESC LIMIT %(limit)s
"""
FILTERS = {
    "person": "AND d.person_id = (SELECT id FROM people WHERE external_id = %(person)s)",
    "session": "AND d.live_session_id = (SELECT id FROM live_sessions WHERE session_id = %(session)s)",
    "result": f"AND {RESULT} = %(result)s",
    "kind": "AND %(kind)s = ANY(d.kinds)",
    "tick": "AND d.tick_id = %(tick)s",
}
# Of this kind, where one is asked for, and forbidden by this guard rail: the same candidate.
FORBIDDEN = """
AND EXISTS (SELECT FROM unnest(d.kinds, d.verdicts) AS c (kind, verdict)
             WHERE (%(kind)s::text IS NULL OR c.kind = %(kind)s)
               AND c.verdict & (CASE WHEN d.person_id IS NULL THEN %(of_session)s WHEN c.kind = ANY(%(here)s)
                                 THEN %(of_here)s ELSE %(of_person)s END)::bigint <> 0)
"""

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for: all that is not None. since, until: in the span; before, before_id: later in the list.

    of_person, of_session, of_here: masks of the guard rail, as `verdicts` has them for people, for sessions, and for
    kinds of help in context (here).
    """

    since: datetime
    until: datetime
    before: datetime
    before_id: int
    limit: int
    person: str | None = None
    session: str | None = None
    kind: str | None = None
    result: str | None = None
    tick: int | None = None
    of_person: int | None = None
    of_session: int | None = None
    of_here: int | None = None
    here: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """What the statement asks for."""
        return {name: getattr(self, name) for name in type(self).__slots__} | {"here": list(self.here)}


def listed(search: Search) -> Steps[Rows]:
    """Rows of the ledger, newest first."""
    filters = [text for name, text in FILTERS.items() if search.values[name] is not None]
    if search.of_person is not None:
        filters.append(FORBIDDEN)
    yield Say(BOUNDED)
    return (yield Say(LISTED.format(result=RESULT, filters=" ".join(filters)), search.values))


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
