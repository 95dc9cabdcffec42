"""People as their product describes them: name, zone, locale, addresses, consent and groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store import resolve
from tactful.store.database import AsyncConnection
from tactful.store.steps import run_async


@dataclass(frozen=True, slots=True)
class Membership:
    """A group somebody belongs to. role: member or educator."""

    group: str
    name: str | None
    role: str


@dataclass(frozen=True, slots=True)
class Description:
    """What is said about one person. None leaves things as they are; a null inside a mapping removes that entry.

    device_zone: counts for people who never said their own zone. groups: all of them.
    """

    person: str
    name: str | None = None
    zone: str | None = None
    device_zone: str | None = None
    locale: str | None = None
    addresses: dict[str, str | None] | None = None
    consent: dict[str, bool | None] | None = None
    groups: tuple[Membership, ...] | None = None


LOCK = "SELECT 1 FROM people WHERE id = ANY(%s) ORDER BY id FOR UPDATE"

DESCRIBE = """
UPDATE people p
   SET name = coalesce(w.name, p.name), locale = coalesce(w.locale, p.locale), zone = coalesce(w.zone, p.zone),
       zone_source = CASE WHEN w.zone IS NULL THEN p.zone_source ELSE 'person' END,
       addresses = jsonb_strip_nulls(p.addresses || w.addresses),
       consent = jsonb_strip_nulls(p.consent || w.consent), updated_at = %s
  FROM jsonb_to_recordset(%s) AS w (id bigint, name text, locale text, zone text, addresses jsonb, consent jsonb)
 WHERE p.id = w.id
RETURNING p.id, p.external_id, p.name, p.zone, p.zone_source, p.locale, p.addresses, p.consent
"""

GROUPS = """
INSERT INTO groups (organisation_id, external_id, name)
SELECT DISTINCT ON (w.organisation_id, w."group") w.organisation_id, w."group", w.name
  FROM jsonb_to_recordset(%s) AS w (organisation_id bigint, "group" text, name text)
 ORDER BY w.organisation_id, w."group", w.name
ON CONFLICT (organisation_id, external_id) DO UPDATE SET name = coalesce(excluded.name, groups.name)
"""

MEMBERS = """
INSERT INTO group_members (group_id, person_id, organisation_id, role)
SELECT g.id, w.person_id, w.organisation_id, w.role
  FROM jsonb_to_recordset(%s) AS w (person_id bigint, organisation_id bigint, "group" text, role text)
  JOIN groups g ON g.organisation_id = w.organisation_id AND g.external_id = w."group"
 ORDER BY g.id, w.person_id
"""


async def write(
    connection: AsyncConnection, organisation: str, told: Sequence[Description], *, at: datetime
) -> list[dict[str, Any]]:
    """Write what is said about people, each at most once in `told`; as service_role. Answers them as known now.

    People nobody knew come into being. A tick will look at them again.
    """
    keys = {(organisation, each.person): each.device_zone for each in told}
    known = await run_async(connection, resolve.people(keys))
    rows = [(known[organisation, each.person], each) for each in told]
    ids = [person.id for person, _ in rows]
    await connection.execute(LOCK, (ids,))
    described = [_described(person.id, each) for person, each in rows]
    found = await connection.execute(DESCRIBE, (at, Jsonb(described)))
    answer = await found.fetchall()
    await _memberships(connection, rows)
    await touch(connection, ids, at=at)
    return answer


async def touch(connection: AsyncConnection, ids: Sequence[int], *, at: datetime) -> None:
    """Let the next tick look at these people again; as service_role."""
    await connection.execute(
        """UPDATE person_state SET next_due_at = least(next_due_at, %s)
            WHERE person_id IN (SELECT person_id FROM person_state WHERE person_id = ANY(%s)
                                 ORDER BY person_id FOR UPDATE)""",
        (at, list(ids)),
    )


async def ensure(connection: AsyncConnection, organisation: str, person: str, *, at: datetime) -> None:
    """Make sure that the person exists, and let the next tick look at them; as service_role."""
    key = (organisation, person)
    known = await run_async(connection, resolve.people({key: None}))
    await touch(connection, [known[key].id], at=at)


def _described(person_id: int, told: Description) -> dict[str, Any]:
    return {
        "id": person_id,
        "name": told.name,
        "locale": told.locale,
        "zone": told.zone,
        "addresses": told.addresses or {},
        "consent": told.consent or {},
    }


async def _memberships(connection: AsyncConnection, rows: Sequence[tuple[resolve.Known, Description]]) -> None:
    named = [(person, each.groups) for person, each in rows if each.groups is not None]
    if not named:
        return
    await connection.execute(
        "DELETE FROM group_members WHERE person_id = ANY(%s)", ([person.id for person, _ in named],)
    )
    members = [
        {
            "person_id": person.id,
            "organisation_id": person.organisation_id,
            "group": membership.group,
            "name": membership.name,
            "role": membership.role,
        }
        for person, groups in named
        for membership in groups
    ]
    await connection.execute(GROUPS, (Jsonb(members),))
    await connection.execute(MEMBERS, (Jsonb(members),))
