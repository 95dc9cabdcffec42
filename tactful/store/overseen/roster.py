"""People by risk, by when they were last seen, or by their ids: a page at a time, sorted and filtered by the database.

By risk a level is read after the other, and a page ends as soon as it is full, so that a page costs the same however
many people there are. What few people fit is looked for among all of a level (measured: a third of a second for
600,000 people). Whom no tick has judged yet comes last, and is unknown as well: nothing is known of them either.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tactful.store.database import AsyncConnection

UNKNOWN = "unknown"
LEVELS = ("critical", "high", "medium", "low", UNKNOWN)
# Not judged yet: a place in the list, but no level of its own.
UNJUDGED = "unjudged"
PLACES = (*LEVELS, UNJUDGED)
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

UNKNOWN_LEVEL = f"(r.risk_level = '{UNKNOWN}' OR r.user_id IS NULL)"

BY_RISK = """
SELECT r.user_id AS id, r.risk_level AS level, r.risk_score AS value FROM dropout_risk_scores r
 WHERE r.risk_level = %(at_level)s {where} ORDER BY r.risk_score {way}, r.user_id {way} LIMIT %(limit)s
"""
BY_NOTHING = """
SELECT p.id, '{unjudged}' AS level, NULL::float8 AS value FROM people p
  LEFT JOIN dropout_risk_scores r ON r.user_id = p.id
 WHERE r.user_id IS NULL {where} ORDER BY p.id {way} LIMIT %(limit)s
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
OWN = {UNJUDGED: "p.id", RISK: "r.user_id", SEEN: "s.person_id", PERSON: "p.id"}

TOTALS = "SELECT r.risk_level AS level, count(*) AS people FROM dropout_risk_scores r {where} GROUP BY r.risk_level"
EVERYBODY = "SELECT count(*) AS people FROM people p {where}"
GROUPS = """
SELECT g.id, g.external_id, coalesce(nullif(g.name, ''), g.external_id) AS name FROM groups g
 ORDER BY lower(coalesce(nullif(g.name, ''), g.external_id)), g.id LIMIT %s
"""


async def page(connection: AsyncConnection, wanted: Wanted) -> list[dict[str, Any]]:
    """id, level and value (what it is sorted by) of a page of people, in order; a row `after` the last of them."""
    if wanted.sort != RISK:
        return await _page(connection, BY_SEEN if wanted.sort == SEEN else BY_PERSON, wanted)
    found: list[dict[str, Any]] = []
    for level in _places(wanted):
        query = BY_NOTHING if level == UNJUDGED else BY_RISK
        found += await _page(connection, query, wanted, level=level, limit=wanted.limit - len(found))
        if len(found) >= wanted.limit:
            break
    return found


def _places(wanted: Wanted) -> list[str]:
    """The levels that are read, one after the other; unknown is neither much nor little, so it comes last."""
    places = [*(LEVELS[:-1] if wanted.falling else LEVELS[-2::-1]), UNKNOWN, UNJUDGED]
    if wanted.level:
        places = [UNKNOWN, UNJUDGED] if wanted.level == UNKNOWN else [wanted.level]
    if wanted.factor or wanted.rose_since is not None:
        # Who was not judged has neither.
        places = [level for level in places if level != UNJUDGED]
    if wanted.after is not None:
        places = places[places.index(wanted.after[0]) :] if wanted.after[0] in places else []
    return places


async def _page(
    connection: AsyncConnection, query: str, wanted: Wanted, *, level: str = "", limit: int | None = None
) -> list[dict[str, Any]]:
    way = "DESC" if wanted.falling else "ASC"
    statement = query.format(
        where="".join(f" AND {each}" for each in _conditions(wanted, level)),
        way=way,
        never="-infinity" if wanted.falling else "infinity",
        unjudged=UNJUDGED,
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
    own = OWN[UNJUDGED if level == UNJUDGED else wanted.sort]
    of_level = UNKNOWN_LEVEL if wanted.level == UNKNOWN else "r.risk_level = %(level)s"
    asked = (
        (bool(wanted.level) and wanted.sort != RISK, of_level),
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
    if level == UNJUDGED:
        return [f"p.id {than} %(number)s"]
    if wanted.after[1] is None:
        return [f"r.user_id {than} %(number)s"]
    return [f"(r.risk_score, r.user_id) {than} (%(value)s, %(number)s)"]


async def totals(connection: AsyncConnection, group: int | None) -> dict[str, int]:
    """How many people are at each level, of all or of a group; unknown also of whom no tick has judged yet."""
    judged, people = (
        query.format(where="" if group is None else f"WHERE {MEMBER.format(own)}")
        for query, own in ((TOTALS, "r.user_id"), (EVERYBODY, "p.id"))
    )
    rows = await (await connection.execute(judged, {"group": group})).fetchall()
    everybody = await (await connection.execute(people, {"group": group})).fetchone()
    found = {row["level"]: int(row["people"]) for row in rows}
    known = {level: found.get(level, 0) for level in LEVELS[:-1]}
    # Counted one after the other, so somebody may have come in between.
    return known | {UNKNOWN: max(0, (everybody or {"people": 0})["people"] - sum(known.values()))}


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
