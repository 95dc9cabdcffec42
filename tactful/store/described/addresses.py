"""Where people are reached: told by their product or by themselves, and switched off by what came back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import AsyncConnection, Connection
from tactful.store.steps import Say, Steps

# The one told last of each channel, as the product names them; beside `people p`.
KNOWN = """
coalesce((SELECT jsonb_object_agg(a.channel, a.address)
            FROM (SELECT DISTINCT ON (channel) channel, address FROM addresses
                   WHERE person_id = p.id ORDER BY channel, created_at DESC, id DESC) a), '{}') AS addresses
"""
TOLD = "jsonb_to_recordset(%(told)s) AS w (person_id bigint, organisation_id bigint, channel text, address text)"
# What a product tells replaces what it told before; what people gave themselves goes only when it says null.
FORGET = f"""
DELETE FROM addresses a USING {TOLD}
 WHERE a.person_id = w.person_id AND a.channel = w.channel
   AND (w.address IS NULL OR (a.source = 'product' AND a.address <> w.address))
"""
# An address that is known already stays as it is, switched off or not: telling it again is no new consent.
KEEP = f"""
INSERT INTO addresses (organisation_id, person_id, channel, address, created_at)
SELECT organisation_id, person_id, channel, address, %(now)s FROM {TOLD} WHERE address IS NOT NULL
 ORDER BY person_id, channel
    ON CONFLICT (person_id, channel, address) DO NOTHING
"""
# Addresses of one channel that one person may have: so many phones and browsers.
MOST = 10
# Somebody's own: it is theirs alone from now on, and in use again if it was switched off.
TAKE = """
WITH others AS (
  DELETE FROM addresses WHERE channel = %(channel)s AND left(address, 255) = left(%(address)s, 255)
     AND address = %(address)s AND person_id <> %(person)s),
older AS (
  DELETE FROM addresses WHERE id IN (
    SELECT id FROM addresses WHERE person_id = %(person)s AND channel = %(channel)s AND address <> %(address)s
     ORDER BY created_at DESC, id DESC OFFSET %(most)s - 1))
INSERT INTO addresses AS a (organisation_id, person_id, channel, address, source, wording, created_at)
SELECT organisation_id, id, %(channel)s, %(address)s, 'person', %(wording)s, %(at)s FROM people WHERE id = %(person)s
    ON CONFLICT (person_id, channel, address) DO UPDATE
   SET disabled_at = NULL, disabled_because = NULL, source = 'person', wording = %(wording)s, created_at = %(at)s,
       bounced = 0
RETURNING a.id
"""
DROP = "DELETE FROM addresses WHERE person_id = %s AND channel = %s AND address = %s RETURNING id"
OFF = """
UPDATE addresses SET disabled_at = %s, disabled_because = h.because
  FROM unnest(%s::bigint[], %s::text[]) AS h (id, because) WHERE addresses.id = h.id AND disabled_at IS NULL
"""
WHOSE = """
SELECT o.name AS organisation, p.external_id AS person, p.id AS person_id
  FROM addresses a JOIN people p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id
 WHERE a.channel = %s AND left(a.address, 255) = left(%s, 255) AND a.address = %s
   AND (a.disabled_at IS NULL OR a.disabled_because <> 'gone')
 ORDER BY a.source = 'person' DESC, a.created_at DESC LIMIT 1
"""
NAMED = """
SELECT o.name AS organisation, p.external_id AS person, p.id AS person_id, p.locale, a.channel
  FROM addresses a JOIN people p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id
 WHERE a.token = %s
"""

OF = """
SELECT channel, address, source, wording, created_at, disabled_at, disabled_because, sent, answered, bounced
  FROM addresses WHERE person_id = (SELECT current_person()) ORDER BY channel, created_at DESC, id DESC
"""


def told(rows: Sequence[tuple[int, int, Mapping[str, str | None]]], *, now: datetime) -> Steps[None]:
    """Write what products tell. rows: person, organisation (our numbers), and by channel an address, null for none."""
    entries = [
        {"person_id": person, "organisation_id": organisation, "channel": channel, "address": address}
        for person, organisation, addresses in rows
        for channel, address in addresses.items()
    ]
    if entries:
        yield Say(FORGET, {"told": Jsonb(entries)})
        yield Say(KEEP, {"told": Jsonb(entries), "now": now})


async def take(
    connection: AsyncConnection, person: int, channel: str, address: str, *, wording: str | None, at: datetime
) -> None:
    """Note an address that a person (our number) gave themselves. wording: what they agreed to. As service_role."""
    values = {"person": person, "channel": channel, "address": address, "wording": wording, "at": at, "most": MOST}
    await connection.execute(TAKE, values)


async def drop(connection: AsyncConnection, person: int, channel: str, address: str) -> bool:
    """Forget an address of a person (our number); whether there was one. As service_role."""
    return await (await connection.execute(DROP, (person, channel, address))).fetchone() is not None


def switch_off(connection: Connection, refused: Mapping[int, str], *, at: datetime) -> None:
    """Send nothing to these addresses (our numbers) any more; refused: why, by number."""
    if refused:
        connection.execute(OFF, (at, list(refused), list(refused.values())))


async def whose(connection: AsyncConnection, channel: str, address: str) -> dict[str, Any] | None:
    """Whose address this is (organisation, person, person_id), as service_role; None for nobody's."""
    return await (await connection.execute(WHOSE, (channel, address, address))).fetchone()


async def named(connection: AsyncConnection, token: str) -> dict[str, Any] | None:
    """Whom the way out with this token stops (organisation, person, person_id, locale, channel); None for nobody."""
    return await (await connection.execute(NAMED, (token,))).fetchone()


async def of(connection: AsyncConnection) -> list[dict[str, Any]]:
    """Where the identity's person is reached, channel by channel, latest first."""
    return await (await connection.execute(OF)).fetchall()
