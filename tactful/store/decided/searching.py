"""The whole ledger, searched page by page, as an operator of the organisation may see it.

What is rare is found without going through everything: days whose sums say that nothing in them fits are left out,
acts have an index of their own, and a tick is looked for at its moment.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from psycopg.errors import QueryCanceled

from tactful.store.learned.days import DECISIONS, RESULT, Range, split, uncounted
from tactful.store.steps import Say, Steps

# A search that goes through more than it can in this time is told to narrow itself [ms]; now() is when it began.
PATIENCE = 10_000
TOO_LONG = QueryCanceled
BOUNDED = f"""
SELECT set_config('statement_timeout', greatest(1, {PATIENCE} - 1000 *
                  extract(epoch FROM clock_timestamp() - now()))::int::text, true)
"""

LISTED = """
SELECT d.id, d.at, {result} AS result, d.chosen, d.kinds, d.triggers, d.verdicts, d.due_at, d.propensity, d.policy,
       d.tick_id, p.external_id AS person, s.session_id AS session
  FROM decisions d LEFT JOIN people p ON p.id = d.person_id LEFT JOIN live_sessions s ON s.id = d.live_session_id
 WHERE d.at >= %(from)s AND d.at < %(beyond)s AND (d.at, d.id) < (%(before)s, %(before_id)s) {filters}
 ORDER BY d.at DESC, d.id DESC LIMIT %(limit)s
"""
FILTERS = {
    "person": "AND d.person_id = (SELECT id FROM people WHERE external_id = %(person)s)",
    "session": "AND d.live_session_id = (SELECT id FROM live_sessions WHERE session_id = %(session)s)",
    "kind": "AND %(kind)s = ANY(d.kinds)",
    "tick": "AND d.tick_id = %(tick)s",
}
# As RESULT says it, in words that the indexes know.
OF_RESULT = {
    "silent": "AND d.result = 'silent' AND cardinality(d.kinds) = 0",
    "withheld": "AND d.result = 'silent' AND cardinality(d.kinds) > 0",
}
OF_ACT = "AND d.result = %(result)s AND d.result <> 'silent'"
# So many candidates of a row are looked at without unfolding them; mostly there are fewer.
AT_ONCE = 8
ALL_VERDICTS = " | ".join(f"coalesce(d.verdicts[{number}], 0)" for number in range(1, AT_ONCE + 1))
# Of this kind, where one is asked for, and forbidden by this guard rail: the same candidate. Unfolding each row takes
# long, so it is not done where no candidate was forbidden by anything that has this bit.
FORBIDDEN = f"""
AND (cardinality(d.verdicts) > {AT_ONCE}
     OR ({ALL_VERDICTS}) & (%(of_session)s::bigint | %(of_here)s::bigint | %(of_person)s::bigint) <> 0)
AND EXISTS (SELECT FROM unnest(d.kinds, d.verdicts) AS c (kind, verdict)
             WHERE (%(kind)s::text IS NULL OR c.kind = %(kind)s)
               AND c.verdict & (CASE WHEN d.person_id IS NULL THEN %(of_session)s WHEN c.kind = ANY(%(here)s)
                                 THEN %(of_here)s ELSE %(of_person)s END)::bigint <> 0)
"""

# Which of these days have sums that say that something in them may fit.
LIKELY = "SELECT c.day FROM unnest(%(days)s::date[]) AS c (day) WHERE {filters}"
RESULT_SUMS = "EXISTS (SELECT FROM result_days r WHERE r.day = c.day AND r.result = %(result)s)"
KIND_SUMS = "EXISTS (SELECT FROM verdict_days v WHERE v.day = c.day AND v.bit = -1 AND v.kind = %(kind)s)"
RAIL_SUMS = """
EXISTS (SELECT FROM verdict_days v
         WHERE v.day = c.day AND v.bit >= 0 AND (%(kind)s::text IS NULL OR v.kind = %(kind)s)
           AND (1::bigint << greatest(v.bit, 0)::int)
               & (CASE WHEN v.about = 'session' THEN %(of_session)s WHEN v.kind = ANY(%(here)s) THEN %(of_here)s
                       ELSE %(of_person)s END)::bigint <> 0)
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
    found: Rows = []
    for begin, beyond in reversed((yield from _ranges(search))):
        yield Say(BOUNDED)
        more = {"from": begin, "beyond": beyond, "limit": search.limit - len(found)}
        found += yield Say(_statement(search), search.values | more)
        if len(found) >= search.limit:
            break
    return found


def _statement(search: Search) -> str:
    filters = [text for name, text in FILTERS.items() if search.values[name] is not None]
    if search.result is not None:
        filters.append(OF_RESULT.get(search.result, OF_ACT))
    if search.of_person is not None:
        filters.append(FORBIDDEN)
    return LISTED.format(result=RESULT, filters=" ".join(filters))


def _ranges(search: Search) -> Steps[list[Range]]:
    """What is to be gone through, oldest first: everything but days whose sums say that nothing in them fits."""
    filters = _of_sums(search)
    days: list[date] = []
    if filters:
        days = (yield from split(DECISIONS, search.since, search.until)).days
    if not days:
        return uncounted(search.since, search.until, ()).ranges
    rows = yield Say(LIKELY.format(filters=" AND ".join(filters)), search.values | {"days": days})
    return uncounted(search.since, search.until, set(days) - {row["day"] for row in rows}).ranges


def _of_sums(search: Search) -> list[str]:
    # One person, session or tick is found by an index.
    if (search.person, search.session, search.tick) != (None, None, None):
        return []
    asked = ((search.result, RESULT_SUMS), (search.kind, KIND_SUMS), (search.of_person, RAIL_SUMS))
    return [text for value, text in asked if value is not None]
