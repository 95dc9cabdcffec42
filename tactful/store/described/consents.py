"""What people agreed to, purpose by purpose, and every change of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from tactful.store.database import AsyncConnection
from tactful.store.steps import Say, Steps

# Written before it changes, with the person locked.
NOTE = """
INSERT INTO consent_changes (person_id, organisation_id, at, purpose, given, source, wording)
SELECT p.id, p.organisation_id, %(at)s, w.purpose, w.given, %(source)s, %(wording)s
  FROM jsonb_to_recordset(%(said)s) AS w (person_id bigint, purpose text, given boolean)
  JOIN people p ON p.id = w.person_id
 WHERE (p.consent ->> w.purpose)::boolean IS DISTINCT FROM w.given
 ORDER BY p.id, w.purpose
RETURNING person_id
"""
SET = "UPDATE people SET consent = jsonb_strip_nulls(consent || %s), updated_at = %s WHERE id = %s"
HISTORY = """
SELECT at, purpose, given, source, wording FROM consent_changes
 WHERE person_id = (SELECT current_person()) ORDER BY at DESC, id DESC LIMIT %s
"""


def note(
    said: Sequence[tuple[int, Mapping[str, bool | None]]], *, at: datetime, source: str, wording: str | None = None
) -> Steps[None]:
    """Keep what is about to change. said: person (our number), and by purpose what they say now."""
    rows = [
        {"person_id": person, "purpose": purpose, "given": given}
        for person, purposes in said
        for purpose, given in purposes.items()
    ]
    if rows:
        yield Say(NOTE, {"said": Jsonb(rows), "at": at, "source": source, "wording": wording})


def say(person: int, said: Mapping[str, bool | None], *, at: datetime, source: str, wording: str | None) -> Steps[None]:
    """Change what one person (our number) agrees to, and keep it; the person is locked by the caller."""
    yield from note([(person, said)], at=at, source=source, wording=wording)
    yield Say(SET, (Jsonb(dict(said)), at, person))


async def history(connection: AsyncConnection, *, most: int) -> list[dict[str, Any]]:
    """What the identity's person has said, latest first."""
    return await (await connection.execute(HISTORY, (most,))).fetchall()
