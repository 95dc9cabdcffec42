"""People by risk, by when they were last seen, or by their ids: a page at a time, sorted and filtered by the database.

By risk a level is read after the other, and a page ends as soon as it is full, so that a page costs the same however
many people there are. What few people fit is looked for among all of a level (measured: a third of a second for
600,000 people).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

LEVELS = ("critical", "high", "medium", "low", "unknown")
RISK, SEEN, PERSON = "risk", "seen", "person"
SORTS = (RISK, SEEN, PERSON)

# Where a page begins: the level, the score or instant or id, and our number of the last one of the page before.
Place = tuple[str, Any, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people, and in which order. Empty, None and false leave a filter out.

    falling: the highest, latest or last first. group, people: by our numbers. rose_since: whose level went up since
    then. alerts: only those about whom an alert is open; unreached: only those whom nothing was ever shown.
    """

    sort: str = RISK
    falling: bool = True
    level: str = ""
    factor: str = ""
    group: int | None = None
    people: tuple[int, ...] | None = None
    rose_since: datetime | None = None
    alerts: bool = False
    unreached: bool = False
    after: Place | None = None
    limit: int = 50


MEMBER = """EXISTS (SELECT FROM group_members m
                     WHERE m.person_id = {} AND m.group_id = %(group)s AND m.role = 'member')"""
ALERT = "EXISTS (SELECT FROM educator_alerts a WHERE a.person_id = {} AND a.state <> 'closed')"
UNREACHED = "NOT EXISTS (SELECT FROM intervention_logs i WHERE i.user_id = {} AND i.shown_at IS NOT NULL)"
ROSE = """r.level_since >= %(rose_since)s
       AND array_position(%(levels)s, r.level_before) > array_position(%(levels)s, r.risk_level)"""

BY_RISK = """
SELECT r.user_id AS id, r.risk_level AS level, r.risk_score AS value FROM dropout_risk_scores r
 WHERE r.risk_level = %(at_level)s {where} ORDER BY r.risk_score {way}, r.user_id {way} LIMIT %(limit)s
"""
# Never seen comes last, whichever way.
BY_SEEN = """
SELECT s.person_id AS id, '' AS level, s.last_seen_at AS value
  FROM person_state s LEFT JOIN dropout_risk_scores r ON r.user_id = s.person_id
 WHERE true {where}
 ORDER BY coalesce(s.last_seen_at, '{never}') {way}, s.person_id {way} LIMIT %(limit)s
"""
BY_PERSON = """
SELECT p.id, '' AS level, p.external_id AS value
  FROM people p LEFT JOIN dropout_risk_scores r ON r.user_id = p.id
 WHERE true {where} ORDER BY p.external_id {way}, p.id {way} LIMIT %(limit)s
"""
OWN = {RISK: "r.user_id", SEEN: "s.person_id", PERSON: "p.id"}

TOTALS = "SELECT r.risk_level AS level, count(*) AS people FROM dropout_risk_scores r {where} GROUP BY r.risk_level"
GROUPS = """
SELECT g.id, g.external_id, coalesce(nullif(g.name, ''), g.external_id) AS name FROM groups g
 ORDER BY lower(coalesce(nullif(g.name, ''), g.external_id)), g.id LIMIT %s
"""


async def page(connection: AsyncConnection, wanted: Wanted) -> list[dict[str, Any]]:
    """id, level and value (what it is sorted by) of a page of people, in order; a row `after` the last of them."""
    if wanted.sort != RISK:
        return await _page(connection, BY_SEEN if wanted.sort == SEEN else BY_PERSON, wanted)
    levels = [wanted.level] if wanted.level else list(LEVELS if wanted.falling else reversed(LEVELS[:-1]))
    if not wanted.level and not wanted.falling:
        # Unknown is neither much nor little.
        levels.append(LEVELS[-1])
    if wanted.after is not None:
        levels = levels[levels.index(wanted.after[0]) :] if wanted.after[0] in levels else []
    found: list[dict[str, Any]] = []
    for level in levels:
        found += await _page(connection, BY_RISK, wanted, level=level, limit=wanted.limit - len(found))
        if len(found) >= wanted.limit:
            break
    return found


async def _page(
    connection: AsyncConnection, query: str, wanted: Wanted, *, level: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    way = "DESC" if wanted.falling else "ASC"
    statement = query.format(
        where="".join(f" AND {each}" for each in _conditions(wanted, level)),
        way=way,
        never="-infinity" if wanted.falling else "infinity",
    )
    return await (await connection.execute(statement, _values(wanted, level, limit))).fetchall()


def _values(wanted: Wanted, level: str = "", limit: int | None = None) -> dict[str, Any]:
    _, value, number = wanted.after or ("", None, 0)
    return {
        "limit": wanted.limit if limit is None else limit,
        "at_level": level,
        "level": wanted.level,
        "factor": wanted.factor,
        "group": wanted.group,
        "people": list(wanted.people or ()),
        "rose_since": wanted.rose_since,
        "levels": list(LEVELS),
        "value": value,
        "number": number,
    }


def _conditions(wanted: Wanted, level: str) -> list[str]:
    own = OWN[wanted.sort]
    asked = (
        (bool(wanted.level) and wanted.sort != RISK, "r.risk_level = %(level)s"),
        (bool(wanted.factor), "%(factor)s = ANY(r.risk_factors)"),
        (wanted.group is not None, MEMBER.format(own)),
        (wanted.people is not None, f"{own} = ANY(%(people)s)"),
        (wanted.rose_since is not None, ROSE),
        (wanted.alerts, ALERT.format(own)),
        (wanted.unreached, UNREACHED.format(own)),
    )
    return [condition for wanting, condition in asked if wanting] + _beyond(wanted, level)


def _beyond(wanted: Wanted, level: str) -> list[str]:
    """Beyond where the page before ended."""
    if wanted.after is None or (wanted.sort == RISK and level != wanted.after[0]):
        return []
    than = "<" if wanted.falling else ">"
    if wanted.sort == PERSON:
        return [f"(p.external_id, p.id) {than} (%(value)s, %(number)s)"]
    if wanted.sort == SEEN:
        never = "-infinity" if wanted.falling else "infinity"
        return [
            f"(coalesce(s.last_seen_at, '{never}'), s.person_id) {than} "
            f"(coalesce(%(value)s::timestamptz, '{never}'), %(number)s)"
        ]
    if wanted.after[1] is None:
        return [f"r.user_id {than} %(number)s"]
    return [f"(r.risk_score, r.user_id) {than} (%(value)s, %(number)s)"]


async def totals(connection: AsyncConnection, group: int | None) -> dict[str, int]:
    """How many people are at each level, of all or of a group; whom no tick has looked at yet is not among them."""
    where = "" if group is None else f"WHERE {MEMBER.format('r.user_id')}"
    rows = await (await connection.execute(TOTALS.format(where=where), {"group": group})).fetchall()
    found = {row["level"]: row["people"] for row in rows}
    return {level: int(found.get(level, 0)) for level in LEVELS}


async def groups(connection: AsyncConnection, most: int) -> list[dict[str, Any]]:
    """id, external_id and name of the first `most` groups by name."""
    return await (await connection.execute(GROUPS, (most,))).fetchall()


def place(row: dict[str, Any]) -> Place:
    """Where the next page begins, if this row was the last one."""
    return row["level"], row["value"], row["id"]


def in_order(numbers: Sequence[int], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the order of `numbers`; who was erased meanwhile is left out."""
    found = {row["id"]: row for row in rows}
    return [found[number] for number in numbers if number in found]
