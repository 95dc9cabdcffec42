"""People as their product describes them: name, zone, locale, addresses, consent and groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.kernel.errors import BadInput, Conflict, NotFound, NotReady
from tactful.store.database import AsyncConnection
from tactful.store.decided.schedule import CHANGED
from tactful.store.described import addresses, consents, memberships
from tactful.store.described.endings import ERASED_TOLD
from tactful.store.described.memberships import Membership
from tactful.store.sensed import resolve
from tactful.store.sensed.resolve import Known
from tactful.store.steps import Say, Steps, run_async

__all__ = ["Membership", "Person", "read", "write"]


@dataclass(frozen=True, slots=True)
class Person:
    """What is said about one person, by the product's own id. None leaves things as they are.

    device_zone: counts for people who never said their own zone. An empty name clears it. A null inside
    addresses or consent removes that entry; groups are all groups.
    """

    id: str
    name: str | None = None
    zone: str | None = None
    device_zone: str | None = None
    locale: str | None = None
    addresses: dict[str, str | None] | None = None
    consent: dict[str, bool | None] | None = None
    groups: Sequence[Membership] | None = None


COLUMNS = f"p.external_id, p.name, p.zone, p.zone_source, p.locale, {addresses.KNOWN}, p.consent"

# In one order everywhere, so that batches that name the same people never wait in a circle. Not so
# strong that whoever writes what merely belongs to these people would have to wait.
LOCK = "SELECT 1 FROM people WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"

DESCRIBE = f"""
UPDATE people p
   SET name = nullif(coalesce(w.name, p.name), ''), locale = coalesce(w.locale, p.locale),
       zone = coalesce(w.zone, CASE WHEN p.zone_source <> 'person' THEN w.device_zone END, p.zone),
       zone_source = CASE WHEN w.zone IS NOT NULL THEN 'person'
                          WHEN p.zone_source <> 'person' AND w.device_zone IS NOT NULL THEN 'device'
                          ELSE p.zone_source END,
       consent = jsonb_strip_nulls(p.consent || w.consent), updated_at = %s
  FROM jsonb_to_recordset(%s)
    AS w (id bigint, name text, locale text, zone text, device_zone text, consent jsonb)
 WHERE p.id = w.id
RETURNING {COLUMNS}
"""

# Whoever was described is looked at by the next tick, also somebody who never did anything, and also when a
# tick is looking at them now.
DUE = f"""
INSERT INTO person_state AS s (person_id, organisation_id, changed_at, next_due_at)
SELECT person_id, organisation_id, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS w (person_id, organisation_id)
 ORDER BY person_id
    ON CONFLICT (person_id) DO UPDATE
   SET next_due_at = least(s.next_due_at, excluded.next_due_at), changed_at = {CHANGED.format("excluded.changed_at")}
"""

READ = f"""
SELECT {COLUMNS} FROM people p JOIN organisations o ON o.id = p.organisation_id AND o.name = %s WHERE p.external_id = %s
"""


async def write(
    connection: AsyncConnection,
    organisation: str,
    told: Sequence[Person],
    *,
    now: datetime,
    back: bool = True,
    source: str = "product",
) -> list[dict[str, Any]]:
    """Write what is said about people; as service_role. Answers them as known now.

    People nobody knew come into being. back: so do those who were erased; where it is not their organisation that
    describes them, they do not. source: who says what they consent to.

    raises: BadInput for somebody named twice; NotReady for somebody who is being erased;
    Conflict for somebody who was.
    """
    seen: set[str] = set()
    for number, each in enumerate(told):
        if each.id in seen:
            raise BadInput(f"{each.id} is in this batch twice; send one entry for each.", fields=[f"people[{number}]"])
        seen.add(each.id)
    return await run_async(connection, _write(organisation, told, now, back=back, source=source))


async def read(connection: AsyncConnection, organisation: str, person: str) -> dict[str, Any]:
    """A person as known now; as service_role. raises: NotFound."""
    row = await (await connection.execute(READ, (organisation, person))).fetchone()
    if row is None:
        raise NotFound(f"There is nobody with the id {person} in {organisation}.")
    return row


def _write(
    organisation: str, told: Sequence[Person], now: datetime, *, back: bool, source: str
) -> Steps[list[dict[str, Any]]]:
    # Zones are moved below, once everybody is locked: a part first would be a second order of locks.
    known = yield from resolve.people({(organisation, each.id): None for each in told}, back=back)
    if len(known) < len(told):
        raise Conflict(ERASED_TOLD)
    rows = [(known[organisation, each.id], each) for each in told]
    ids = [person.id for person, _ in rows]
    locked = yield Say(LOCK, (ids,))
    if len(locked) < len(ids):
        raise NotReady("Somebody in this request has just been erased; send it again.")
    yield from addresses.told([(p.id, p.organisation_id, each.addresses or {}) for p, each in rows], now=now)
    yield from consents.note([(person.id, each.consent or {}) for person, each in rows], at=now, source=source)
    answer = yield Say(DESCRIBE, (now, Jsonb([_described(person, each) for person, each in rows])))
    yield from memberships.replace([(person, each.groups) for person, each in rows if each.groups is not None])
    yield Say(DUE, (now, now, ids, [person.organisation_id for person, _ in rows]))
    return answer


def _described(person: Known, told: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": told.name,
        "locale": told.locale,
        "zone": told.zone,
        "device_zone": told.device_zone,
        "consent": told.consent or {},
    }
