"""Visits that are over and have names of their own, and what of people's time was counted: read only for such visits.

A page that names its visits may send their beats late, twice and in any order. So what was counted of a visit is known
for as long as a beat of it may still come, and which stretches of a person's time were counted, by any visit of theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from msgspec.json import encode

from tactful.store.sensed.claims import Stretch, pairs
from tactful.store.sensed.visits import Name, Visit
from tactful.store.steps import Say, Steps

TOLD = """
SELECT t.person_id, t.page, t.content_id, t.visit_id, t.time_on_page
  FROM told_visits t JOIN unnest(%s::bigint[], %s::text[], %s::text[], %s::text[])
    AS w (person_id, page, content_id, visit_id) USING (person_id, visit_id, page, content_id)
"""
TELL = """
INSERT INTO told_visits AS t (person_id, visit_id, page, content_id, organisation_id, time_on_page, last_beat_at,
                              claims)
SELECT person_id, visit_id, page, content_id, organisation_id, time_on_page, last_beat_at, claims
  FROM json_to_recordset(%s) AS w (person_id bigint, visit_id text, page text, content_id text, organisation_id bigint,
       time_on_page float8, last_beat_at timestamptz, claims float8[])
 ORDER BY person_id, visit_id, page, content_id
    ON CONFLICT (person_id, visit_id, page, content_id) DO UPDATE
   SET time_on_page = greatest(t.time_on_page, excluded.time_on_page),
       last_beat_at = greatest(t.last_beat_at, excluded.last_beat_at), claims = t.claims || excluded.claims
"""
# Visits without names say how long they were, not when; the latest of it is taken to have counted.
COUNTED = """
SELECT person_id, claims, opened_at AS since, last_beat_at AS until FROM visits WHERE person_id = ANY(%(people)s)
UNION ALL
SELECT person_id, claims, last_beat_at, last_beat_at FROM told_visits
 WHERE person_id = ANY(%(people)s) AND last_beat_at >= %(since)s
UNION ALL
SELECT person_id, NULL, occurred_at - make_interval(secs => (properties ->> 'seconds')::float8), occurred_at FROM events
 WHERE person_id = ANY(%(people)s) AND kind = 'visit' AND occurred_at >= %(since)s AND NOT properties ? 'visit_id'
   AND jsonb_typeof(properties -> 'seconds') = 'number'
"""
# T is at most a week: whoever comes back later than that, and a day, begins anew.
KEPT = timedelta(days=8)


def times(names: Iterable[Name]) -> Steps[dict[Name, float]]:
    """The time on page that was told of those of these visits that are over [s]."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    rows = yield Say(TOLD, tuple(map(list, zip(*wanted, strict=True))))
    return {(row["person_id"], row["page"], row["content_id"], row["visit_id"]): row["time_on_page"] for row in rows}


def remember(visits: Sequence[Visit]) -> Steps[None]:
    """Keep what is needed of visits that are over, of those with names."""
    named: dict[Name, Visit] = {}
    for visit in visits:
        if visit.visit_id:
            # One that went on after it had fallen silent is over several times.
            named[visit.name] = _both(named[visit.name], visit) if visit.name in named else visit
    if named:
        yield Say(TELL, (encode(list(named.values())).decode(),))


def counted(people: Sequence[int], since: datetime) -> Steps[dict[int, list[Stretch]]]:
    """The stretches of these people's time that were counted, those that end after `since`."""
    found: dict[int, list[Stretch]] = {person: [] for person in people}
    for row in (yield Say(COUNTED, {"people": list(people), "since": since})):
        found[row["person_id"]] += _stretches(row)
    return found


def _both(one: Visit, other: Visit) -> Visit:
    return replace(
        one,
        time_on_page=max(one.time_on_page, other.time_on_page),
        last_beat_at=max(one.last_beat_at, other.last_beat_at),
        claims=[*(one.claims or ()), *(other.claims or ())],
    )


def _stretches(row: Mapping[str, Any]) -> list[Stretch]:
    if row["claims"] is not None:
        return pairs(row["claims"])
    return [(row["since"].timestamp(), row["until"].timestamp())]
