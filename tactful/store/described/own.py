"""What organisations have set for themselves, version by version, and as much of it as held at a time.

Changes are written one at a time, whosever they are, so their numbers rise in the order in which they were committed:
all values that somebody saw are named by the highest number they saw. Nothing is ever changed or removed but with its
organisation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.steps import Say, Steps

SETTINGS, TEMPLATES, KINDS = AREAS = ("settings", "templates", "kinds")
# Held until the commit is seen by others; any constant will do.
LOCK = 7_221_430_913
HOLD = f"SELECT pg_advisory_xact_lock({LOCK})"

# One look into the index for each organisation, however often it has changed its mind.
STANDING = """
WITH last AS MATERIALIZED (SELECT coalesce(%(upto)s::bigint, (SELECT coalesce(max(id), 0) FROM own_settings)) AS upto)
SELECT last.upto, w.organisation_id, w.body
  FROM last LEFT JOIN LATERAL (
       SELECT o.id AS organisation_id, v.body FROM organisations o CROSS JOIN LATERAL (
              SELECT body FROM own_settings s
               WHERE s.organisation_id = o.id AND s.area = %(area)s AND s.id <= last.upto
               ORDER BY s.version DESC LIMIT 1) v
        WHERE v.body <> '{}' AND {whose}) w ON true
"""
EVERYBODY = "true"
OF_PEOPLE = "o.id IN (SELECT organisation_id FROM people WHERE id = ANY(%(whose)s))"
OF_ORGANISATIONS = "o.id = ANY(%(whose)s)"
NAMED = "o.name = ANY(%(whose)s)"


@dataclass(frozen=True, slots=True)
class Own:
    """What holds beside the common values. bodies: by our number of the organisation; upto: as of which number."""

    upto: int
    bodies: Mapping[int, Mapping[str, Any]]


def question(
    *,
    area: str = SETTINGS,
    people: Sequence[int] | None = None,
    organisations: Sequence[int] | None = None,
    names: Sequence[str] | None = None,
    upto: int | None = None,
) -> tuple[str, dict[str, Any]]:
    """The statement, with its values, that asks what holds; `told` makes of its rows what it says.

    For everybody, or for the organisations of these people, of these numbers or of these names. upto: as of that
    number; now when left out.
    """
    asked = ((OF_PEOPLE, people), (OF_ORGANISATIONS, organisations), (NAMED, names))
    clause, whose = next(((clause, list(whose)) for clause, whose in asked if whose is not None), (EVERYBODY, []))
    return STANDING.replace("{whose}", clause), {"area": area, "upto": upto, "whose": whose}


def told(rows: Sequence[Mapping[str, Any]]) -> Own:
    """What the rows of a `question` say."""
    bodies = {row["organisation_id"]: row["body"] for row in rows if row["organisation_id"] is not None}
    return Own(rows[0]["upto"] if rows else 0, bodies)


def standing(organisation: str, *, area: str = SETTINGS) -> Steps[Mapping[str, Any]]:
    """What an organisation has of its own now, by its name."""
    rows = yield Say(*question(names=[organisation], area=area))
    return next(iter(told(rows).bodies.values()), {})


COLUMNS = "version, at, actor, note, body, changes, undoes"
OF_NAME = "organisation_id = (SELECT id FROM organisations WHERE name = %(organisation)s) AND area = %(area)s"
ONE = f"SELECT {COLUMNS} FROM own_settings WHERE {OF_NAME} AND version <= %(upto)s ORDER BY version DESC LIMIT 1"
HISTORY = f"""
SELECT {COLUMNS} FROM own_settings WHERE {OF_NAME} AND version < %(before)s ORDER BY version DESC LIMIT %(limit)s
"""
LAST_CHANGED = f"""
SELECT name, max(version) AS version FROM own_settings, jsonb_object_keys(changes) AS name WHERE {OF_NAME} GROUP BY name
"""
WRITE = f"""
INSERT INTO own_settings (organisation_id, area, version, at, actor, note, body, changes, undoes)
SELECT id, %(area)s, %(version)s, %(at)s, %(actor)s, %(note)s, %(body)s, %(changes)s, %(undoes)s
  FROM organisations WHERE name = %(organisation)s
RETURNING {COLUMNS}
"""
NONE: Mapping[str, Any] = {"version": 0, "body": {}}
NEWEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Change:
    """What is written of a change. body: all that is the organisation's own after it; changes: name -> [from, to]."""

    at: datetime
    actor: str
    note: str
    body: Mapping[str, Any]
    changes: Mapping[str, Any]
    undoes: int | None = None


def version(organisation: str, area: str, upto: int = NEWEST) -> Steps[Mapping[str, Any]]:
    """The newest version of an organisation up to that number; version 0, with nothing of its own, before the first."""
    rows = yield Say(ONE, {"organisation": organisation, "area": area, "upto": upto})
    return rows[0] if rows else NONE


def history(organisation: str, area: str, *, limit: int, before: int) -> Steps[list[dict[str, Any]]]:
    """Versions below `before`, newest first."""
    rows = yield Say(HISTORY, {"organisation": organisation, "area": area, "limit": limit, "before": before})
    return rows


def last_changed(organisation: str, area: str) -> Steps[dict[str, int]]:
    """The version that changed each name last."""
    rows = yield Say(LAST_CHANGED, {"organisation": organisation, "area": area})
    return {row["name"]: row["version"] for row in rows}


def hold() -> Steps[None]:
    """Let nobody else change anything until this transaction ends; before what is to be changed is read."""
    yield Say(HOLD)


def write(organisation: str, area: str, number: int, change: Change) -> Steps[dict[str, Any]]:
    """Write version `number`; the row. For whoever holds (`hold`) and has read the version before."""
    values = {"organisation": organisation, "area": area, "version": number}
    values |= {"at": change.at, "actor": change.actor, "note": change.note, "undoes": change.undoes}
    (row,) = yield Say(WRITE, values | {"body": Jsonb(dict(change.body)), "changes": Jsonb(dict(change.changes))})
    return row
