"""Counting which quick actions people choose: sums that fade, of each person and of the organisation."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from psycopg.types.json import Jsonb

from tactful.facts.quick import ANY_PAGE, ANY_PART, PART_HOURS, Used, worth
from tactful.store.sensed import resolve
from tactful.store.sensed.counting import CLAIM
from tactful.store.steps import Say, Steps

# Who is erased meanwhile is gone for good: nothing of theirs may be written after that.
HOLD = """
SELECT p.id AS person_id, coalesce((p.consent->>'engagement')::boolean, %s) AS consented
  FROM people p WHERE p.id = ANY(%s) ORDER BY p.id FOR KEY SHARE
"""
ROWS = f"""
SELECT w.*, (extract(hour FROM w.at AT TIME ZONE p.zone)::int / {PART_HOURS})::smallint AS part
  FROM jsonb_to_recordset(%(rows)s) AS w (person_id bigint, organisation_id bigint, action_id text, page text,
                                          at timestamptz, weight float8)
  JOIN people p ON p.id = w.person_id
"""
# In one order everywhere, so that nobody waits in a circle.
USE = f"""
INSERT INTO quick_action_uses AS u (person_id, organisation_id, action_id, page, part, weight, last_at)
SELECT w.person_id, min(w.organisation_id), w.action_id, v.page, v.part, sum(w.weight), max(w.at)
  FROM ({ROWS}) w
 CROSS JOIN LATERAL (VALUES ('{ANY_PAGE}', {ANY_PART}::smallint), (w.page, {ANY_PART}::smallint),
                            ('{ANY_PAGE}', w.part)) AS v (page, part)
 GROUP BY w.person_id, w.action_id, v.page, v.part ORDER BY w.person_id, w.action_id, v.page, v.part
    ON CONFLICT (person_id, action_id, page, part) DO UPDATE
   SET weight = u.weight + excluded.weight, last_at = greatest(u.last_at, excluded.last_at)
"""
ADD = f"""
INSERT INTO quick_action_totals AS t (organisation_id, action_id, page, weight, last_at)
SELECT w.organisation_id, w.action_id, v.page, sum(w.weight), max(w.at)
  FROM ({ROWS}) w CROSS JOIN LATERAL (VALUES ('{ANY_PAGE}'), (w.page)) AS v (page)
 GROUP BY w.organisation_id, w.action_id, v.page ORDER BY w.organisation_id, w.action_id, v.page
    ON CONFLICT (organisation_id, action_id, page) DO UPDATE
   SET weight = t.weight + excluded.weight, last_at = greatest(t.last_at, excluded.last_at)
"""
COUNT = """
INSERT INTO ambient_presence_states AS s (user_id, organization_id, current_page, last_seen_at, counters_day,
       quick_access_count_today)
SELECT p.id, min(p.organisation_id), min(w.page), max(w.at), (max(w.at) AT TIME ZONE p.zone)::date, count(*)
  FROM jsonb_to_recordset(%(rows)s) AS w (person_id bigint, page text, at timestamptz)
  JOIN people p ON p.id = w.person_id GROUP BY p.id, p.zone ORDER BY p.id
    ON CONFLICT (user_id) DO UPDATE
   SET counters_day = excluded.counters_day,
       quick_access_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                       THEN s.quick_access_count_today ELSE 0 END + excluded.quick_access_count_today,
       inline_help_count_today = CASE WHEN s.counters_day = excluded.counters_day
                                      THEN s.inline_help_count_today ELSE 0 END
"""
GIVE_BACK = """
UPDATE quick_action_totals t SET weight = greatest(0, t.weight - u.weight)
  FROM (SELECT organisation_id, action_id, page, weight FROM quick_action_uses
         WHERE person_id = %s AND part = -1 ORDER BY organisation_id, action_id, page) u
 WHERE (t.organisation_id, t.action_id, t.page) = (u.organisation_id, u.action_id, u.page)
"""
# What nobody else chose goes with them, name and all; sums of such numbers are never quite nothing.
EMPTIED = """
DELETE FROM quick_action_totals t USING quick_action_uses u
 WHERE u.person_id = %s AND u.part = -1 AND t.weight <= u.weight * 1e-9
   AND (t.organisation_id, t.action_id, t.page) = (u.organisation_id, u.action_id, u.page)
"""


def count(used: Sequence[Used], *, consent_default: bool, now: datetime) -> Steps[list[bool | None]]:
    """Count choices, as service_role; for each, False if its id had been counted before, None of who was erased.

    Of who does not consent it is only counted how often they chose today. People nobody knew come into being.
    """
    known = yield from resolve.people({(each.organisation, each.person): None for each in used})
    there = [number for number, each in enumerate(used) if (each.organisation, each.person) in known]
    fresh = yield from _counted([used[number] for number in there], known, consent_default=consent_default, now=now)
    return [dict(zip(there, fresh, strict=True)).get(number) for number in range(len(used))]


def _counted(
    used: Sequence[Used], known: Mapping[resolve.Key, resolve.Known], *, consent_default: bool, now: datetime
) -> Steps[list[bool]]:
    whose = [known[each.organisation, each.person] for each in used]
    held = yield Say(HOLD, (consent_default, [person.id for person in whose]))
    consented = {row["person_id"]: row["consented"] for row in held}
    fresh = yield from _claim(used, whose, now)
    rows = [
        {"person_id": person.id, "organisation_id": person.organisation_id, "action_id": each.action_id,
         "page": each.page, "at": each.at.astimezone(UTC).isoformat(), "weight": worth(each.at)}
        for each, person, new in zip(used, whose, fresh, strict=True)
        if new and person.id in consented
    ]  # fmt: skip
    learned = {"rows": Jsonb([row for row in rows if consented[row["person_id"]]])}
    yield Say(USE, learned)
    yield Say(COUNT, {"rows": Jsonb(rows)})
    yield Say(ADD, learned)
    return fresh


def _claim(used: Sequence[Used], whose: Sequence[resolve.Known], now: datetime) -> Steps[list[bool]]:
    """Which of them count. An id is remembered as long as those of events."""
    names = [
        None if each.id is None else (person.organisation_id, _key(person.id, each.id))
        for each, person in zip(used, whose, strict=True)
    ]
    wanted = sorted({name for name in names if name is not None})
    claimed: set[Any] = set()
    if wanted:
        rows = yield Say(CLAIM, (now, [organisation for organisation, _ in wanted], [name for _, name in wanted]))
        claimed = {(row["organisation_id"], row["id"]) for row in rows}
    fresh = []
    for name in names:
        fresh.append(name is None or name in claimed)
        claimed.discard(name)
    return fresh


def _key(person: int, id: str) -> str:
    """By what a choice is remembered: a print, from which nobody can be told who chose it once they are gone."""
    return f"quick-action/{blake2b(f'{person}/{id}'.encode(), digest_size=16).hexdigest()}"


def give_back(person_id: int) -> Steps[None]:
    """Take one person's choices off the organisation's sums; their rows are deleted in the same transaction."""
    yield Say(GIVE_BACK, (person_id,))
    yield Say(EMPTIED, (person_id,))
